import type { ClientRuntime } from '../client/client-runtime.ts';
import type { ImageEvent, ImageRequest, ImageResult } from '../contract/image.ts';
import type { EventStream } from './event-stream.ts';
import { lateOperation } from './late-operation.ts';
import type { WholeOrStreamed } from './whole-or-streamed.ts';

/**
 * Draws pictures. With `stream: true` sketches come before the picture, of which there is one. It is not tried again
 * after a time-out, since it may be billed.
 * @template Model the ids that are accepted; @template Id the providers that may be named
 * @throws AnyLLMError of the class that fits, or the reason of `options.signal`
 */
export interface ImageGenerationFunction<Model extends string = string, Id extends string = string>
  extends WholeOrStreamed<ImageRequest<Model>, ImageRequest, ImageResult, EventStream<ImageEvent>, Id> {}

export function createImageGeneration(runtime: ClientRuntime): ImageGenerationFunction {
  return lateOperation(runtime, ({ askImage }) => askImage) as ImageGenerationFunction;
}
