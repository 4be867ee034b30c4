import type { ClientRuntime } from '../client/client-runtime.ts';
import type { CallOptions } from '../contract/call-options.ts';
import type { MessagesAnswer, MessagesEvent, MessagesRequest, MessagesResult } from '../contract/messages.ts';
import type { Provider } from '../contract/provider.ts';
import { openOperation, runOperation } from '../operations/run-operation.ts';
import { answerOverChat, type OverChat, streamOverChat } from '../over-chat/ask-over-chat.ts';
import { estimateUsage } from '../policy/limits/estimate-usage.ts';
import { checkRequest } from '../request/check-request.ts';
import { foldMessage } from './message-fold.ts';
import { MessageTranslator } from './message-translator.ts';
import { messagesShape } from './messages-shape.ts';
import { MessagesStream, messagesKinds } from './messages-stream.ts';
import { toChatRequest } from './to-chat-request.ts';
import type { toMessagesFailure } from './to-messages-failure.ts';
import { toUsage } from './usage.ts';

/** What `messages` does. */
export async function askMessages(
  runtime: ClientRuntime,
  request: MessagesRequest,
  options: CallOptions,
  toFailure: typeof toMessagesFailure,
): Promise<MessagesResult | MessagesStream> {
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
  const deliver = (opened: ConstructorParameters<typeof MessagesStream>[0]) => new MessagesStream(opened, toFailure);
  return openOperation(runtime, { ...operation, member: 'stream', pick }, messagesKinds.isContent, deliver, options);
}

function shapeOf(parameters: Omit<MessagesRequest, 'model' | 'stream'>): OverChat<MessagesAnswer, MessagesEvent> {
  return {
    question: toChatRequest(parameters),
    createTranslator: (model, attempt) => new MessageTranslator(model, (warning) => attempt.warn(warning)),
    fold: foldMessage,
  };
}
