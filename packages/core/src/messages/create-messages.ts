import type { ClientRuntime } from '../client/client-runtime.ts';
import type { CallOptions } from '../contract/call-options.ts';
import type { MessagesRequest, MessagesResult } from '../contract/messages.ts';
import { lateOperation } from '../operations/late-operation.ts';
import type { MessagesStream } from './messages-stream.ts';
import { toMessagesFailure } from './to-messages-failure.ts';

/**
 * The type of `messages`.
 * @template Model the ids that are accepted
 * @template Id the providers that may be named
 */
export interface MessagesFunction<Model extends string = string, Id extends string = string> {
  /**
   * Asks any provider in the shape of Anthropic's Messages API. With `stream: true` the promise settles with the first
   * content, so that whatever goes wrong before it rejects here.
   * @throws AnyLLMError of the class that fits, or the reason of `options.signal`
   */
  (request: MessagesRequest<Model> & { stream?: false }, options?: CallOptions<Id>): Promise<MessagesResult>;
  (request: MessagesRequest<Model> & { stream: true }, options?: CallOptions<Id>): Promise<MessagesStream>;
  (request: MessagesRequest & { stream?: false }, options: Named<Id>): Promise<MessagesResult>;
  (request: MessagesRequest & { stream: true }, options: Named<Id>): Promise<MessagesStream>;
  (request: MessagesRequest, options: Named<Id>): Promise<MessagesResult | MessagesStream>;
  (request: MessagesRequest<Model>, options?: CallOptions<Id>): Promise<MessagesResult | MessagesStream>;
}

/** Where the provider is named, the model is any text. */
type Named<Id extends string> = CallOptions<Id> & { provider: Id };

export function createMessages(runtime: ClientRuntime): MessagesFunction {
  const ask = lateOperation(
    runtime,
    ({ askMessages }) =>
      (runtime, request: MessagesRequest, options: CallOptions = {}) =>
        askMessages(runtime, request, options, toMessagesFailure),
  );
  return ask as MessagesFunction;
}
