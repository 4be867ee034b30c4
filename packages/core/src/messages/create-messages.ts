import type { ClientRuntime } from '../client/client-runtime.ts';
import type { CallOptions } from '../contract/call-options.ts';
import type { MessagesAnswer, MessagesEvent, MessagesRequest, MessagesResult } from '../contract/messages.ts';
import type { Provider } from '../contract/provider.ts';
import { openOperation, runOperation } from '../operations/run-operation.ts';
import { answerOverChat, type OverChat, streamOverChat } from '../over-chat/ask-over-chat.ts';
import { estimateUsage } from '../policy/limits/estimate-usage.ts';
import { checkRequest } from '../request/validate-request.ts';
import { foldMessage } from './message-fold.ts';
import { MessageTranslator } from './message-translator.ts';
import { messagesShape } from './messages-shape.ts';
import { MessagesStream, messagesKinds } from './messages-stream.ts';
import { toChatRequest } from './to-chat-request.ts';
import { toUsage } from './usage.ts';

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
  const messages = async (request: MessagesRequest, options: CallOptions = {}) => {
    checkRequest(messagesShape, request);
    const { model: models, stream = false, ...parameters } = request;
    const shape = shapeOf(parameters);
    const { prompt_tokens: tokens, completion_tokens: answerTokens } = estimateUsage({
      ...shape.question.request,
      model: '',
    });
    const operation = { label: 'messages are', models, parameters: {}, tokens, answerTokens } as const;
    if (!stream) {
      const pick = (provider: Provider) => answerOverChat(provider, shape);
      const usageOf = ({ usage }: MessagesAnswer) => toUsage(usage);
      return runOperation(runtime, { ...operation, member: 'complete', pick, usageOf }, options);
    }
    const pick = (provider: Provider) => streamOverChat(provider, shape);
    const deliver = (opened: ConstructorParameters<typeof MessagesStream>[0]) => new MessagesStream(opened);
    return openOperation(runtime, { ...operation, member: 'stream', pick }, messagesKinds.isContent, deliver, options);
  };
  return messages as MessagesFunction;
}

function shapeOf(parameters: Omit<MessagesRequest, 'model' | 'stream'>): OverChat<MessagesAnswer, MessagesEvent> {
  return {
    question: toChatRequest(parameters),
    createTranslator: (model, attempt) => new MessageTranslator(model, (warning) => attempt.warn(warning)),
    fold: foldMessage,
  };
}
