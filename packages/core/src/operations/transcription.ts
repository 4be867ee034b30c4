import type { ClientRuntime } from '../client/client-runtime.ts';
import type { TranscriptionEvent, TranscriptionRequest, TranscriptionResult } from '../contract/transcription.ts';
import type { EventStream } from './event-stream.ts';
import { lateOperation } from './late-operation.ts';
import type { WholeOrStreamed } from './whole-or-streamed.ts';

/**
 * Writes down what is said in a sound. With `stream: true` the text comes as it is recognised; a model that does not
 * stream gives it in one piece.
 * @template Model the ids that are accepted; @template Id the providers that may be named
 * @throws AnyLLMError of the class that fits, or the reason of `options.signal`
 */
export interface TranscriptionFunction<Model extends string = string, Id extends string = string>
  extends WholeOrStreamed<
    TranscriptionRequest<Model>,
    TranscriptionRequest,
    TranscriptionResult,
    EventStream<TranscriptionEvent>,
    Id
  > {}

export function createTranscription(runtime: ClientRuntime): TranscriptionFunction {
  return lateOperation(runtime, ({ askTranscription }) => askTranscription) as TranscriptionFunction;
}
