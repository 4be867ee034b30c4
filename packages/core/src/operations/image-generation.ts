import type { ClientRuntime } from '../client/client-runtime.ts';
import type { CallOptions } from '../contract/call-options.ts';
import type { ImageEvent, ImageRequest, ImageResult } from '../contract/image.ts';
import type { Provider } from '../contract/provider.ts';
import { checkRequest } from '../request/validate-request.ts';
import { mayRepeatBilled } from './billed.ts';
import type { EventStream } from './event-stream.ts';
import { imageKinds, imageShape, pictureFields } from './image-request.ts';
import { runOperation, runStreamedOperation } from './run-operation.ts';
import type { WholeOrStreamed } from './whole-or-streamed.ts';

/**
 * Draws pictures. With `stream: true` sketches come before the picture, of which there is one. It is not tried again
 * after a time-out, since it may be billed.
 * @template Model the ids that are accepted; @template Id the providers that may be named
 * @throws AnyLLMError of the class that fits, or the reason of `options.signal`
 */
export interface ImageGenerationFunction<Model extends string = string, Id extends string = string>
  extends WholeOrStreamed<ImageRequest<Model>, ImageRequest, ImageResult, EventStream<ImageEvent>, Id> {}

const shape = imageShape(pictureFields);

export function createImageGeneration(runtime: ClientRuntime): ImageGenerationFunction {
  const generate = async (request: ImageRequest, options?: CallOptions) => {
    checkRequest(shape, request);
    const { model, stream, ...parameters } = request;
    const operation = { label: 'images are', models: model, parameters, mayRepeat: mayRepeatBilled };
    if (!stream) {
      const whole = { ...operation, member: 'generateImage', pick: pickWhole } as const;
      return runOperation(runtime, whole, options);
    }
    const streamed = { ...operation, member: 'streamImage', label: 'streamed images are', pick: pickStreamed } as const;
    return runStreamedOperation(runtime, streamed, imageKinds, options);
  };
  return generate as ImageGenerationFunction;
}

const pickWhole = ({ generateImage }: Provider) => generateImage;
const pickStreamed = ({ streamImage }: Provider) => streamImage;
