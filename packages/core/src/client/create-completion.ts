import { CompletionStream } from '../completion/completion-stream.ts';
import type { CallOptions } from '../contract/call-options.ts';
import type { ChatCompletion } from '../contract/chat-completion.ts';
import type { CompletionRequest } from '../contract/chat-request.ts';
import type { ClientRuntime } from './client-runtime.ts';
import { dispatch } from './dispatch.ts';

type Streamed = { stream: true };
type Whole = { stream?: false };

/**
 * The type of `completion`.
 * @template Model the ids that are accepted
 * @template Id the providers that may be named
 */
export interface Completion<Model extends string = string, Id extends string = string> {
  /**
   * Asks a model. With `stream: true` the promise settles with the first content, so that whatever goes wrong before
   * it rejects here.
   * @throws AnyLLMError of the class that fits, or the reason of `options.signal`
   */
  (request: CompletionRequest<Model> & Whole, options?: CallOptions<Id>): Promise<ChatCompletion>;
  /** As a stream. */
  (request: CompletionRequest<Model> & Streamed, options?: CallOptions<Id>): Promise<CompletionStream>;
  /** With `options.provider`, the model is any text. */
  (request: CompletionRequest & Whole, options: Named<Id>): Promise<ChatCompletion>;
  /** With `options.provider`, as a stream. */
  (request: CompletionRequest & Streamed, options: Named<Id>): Promise<CompletionStream>;
  /** With `options.provider`, where the request itself says whether it is to be a stream. */
  (request: CompletionRequest, options: Named<Id>): Promise<ChatCompletion | CompletionStream>;
  /** Where the request itself says whether it is to be a stream. */
  (request: CompletionRequest<Model>, options?: CallOptions<Id>): Promise<ChatCompletion | CompletionStream>;
}

/** Where the provider is named, the model is any text. */
type Named<Id extends string> = CallOptions<Id> & { provider: Id };

export function createCompletion(runtime: ClientRuntime): Completion {
  const completion = (request: unknown, options: CallOptions = {}) => dispatch(runtime, request, options);
  return completion as Completion;
}

/** For those who want whole answers only: one that was asked for as a stream is read to its end. */
export function wholeAnswers(completion: Completion) {
  return async (request: CompletionRequest, options: CallOptions): Promise<ChatCompletion> => {
    const answer = await completion(request, options);
    return answer instanceof CompletionStream ? answer.completion() : answer;
  };
}
