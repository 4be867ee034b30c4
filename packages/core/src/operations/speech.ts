import type { ClientRuntime } from '../client/client-runtime.ts';
import type { CallOptions } from '../contract/call-options.ts';
import type { SpeechRequest } from '../contract/speech.ts';
import { lateOperation } from './late-operation.ts';
import type { SpeechStream } from './speech-stream.ts';
import type { Named } from './whole-or-streamed.ts';

/**
 * Says a text. Settles with the first sound. It is not tried again after a time-out, since it may be billed.
 * @template Model the ids that are accepted; @template Id the providers that may be named
 * @throws AnyLLMError of the class that fits, or the reason of `options.signal`
 */
export interface SpeechFunction<Model extends string = string, Id extends string = string> {
  (request: SpeechRequest<Model>, options?: CallOptions<Id>): Promise<SpeechStream>;
  (request: SpeechRequest, options: Named<Id>): Promise<SpeechStream>;
}

export function createSpeech(runtime: ClientRuntime): SpeechFunction {
  return lateOperation(runtime, ({ askSpeech }) => askSpeech);
}
