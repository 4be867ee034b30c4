import type { ClientRuntime } from '../client/client-runtime.ts';
import type { CallOptions } from '../contract/call-options.ts';
import type { Provider } from '../contract/provider.ts';
import type {
  ProviderResponse,
  ResponsesEvent,
  ResponsesParameters,
  ResponsesRequest,
  ResponsesResult,
} from '../contract/responses.ts';
import { openOperation, runOperation } from '../operations/run-operation.ts';
import { answerOverChat, type OverChat, streamOverChat } from '../over-chat/ask-over-chat.ts';
import { checkRequest } from '../request/check-request.ts';
import { outputText } from './output-text.ts';
import { promptTokens } from './prompt-tokens.ts';
import { foldResponse, ResponseTranslator } from './response-translator.ts';
import { responsesShape } from './responses-shape.ts';
import { ResponsesStream, responsesKinds } from './responses-stream.ts';
import { toChatRequest } from './to-chat-request.ts';
import type { toResponsesFailure } from './to-responses-failure.ts';
import { toUsage } from './usage.ts';

/** An answer whose length the request does not bound. */
const unboundedAnswerTokens = 1_000;

/** What `responses` does. */
export async function askResponses(
  runtime: ClientRuntime,
  request: ResponsesRequest,
  options: CallOptions,
  toFailure: typeof toResponsesFailure,
): Promise<ResponsesResult | ResponsesStream> {
  checkRequest(responsesShape, request);
  const { model: models, stream, ...parameters } = request;
  const tokens = promptTokens(parameters);
  const answerTokens = parameters.max_output_tokens ?? unboundedAnswerTokens;
  const operation = { label: 'responses are', models, parameters, tokens, answerTokens } as const;
  if (!stream) {
    const pick = (provider: Provider) => provider.respond ?? answerOverChat(provider, overChat(parameters));
    const usageOf = ({ usage }: ProviderResponse) => toUsage(usage);
    const answer = await runOperation(runtime, { ...operation, member: 'respond', pick, usageOf }, options);
    return { ...answer, output_text: outputText(answer) };
  }
  const pick = (provider: Provider) => provider.streamResponse ?? streamOverChat(provider, overChat(parameters));
  const deliver = (opened: ConstructorParameters<typeof ResponsesStream>[0]) => new ResponsesStream(opened, toFailure);
  const streamed = { ...operation, member: 'streamResponse', pick } as const;
  return openOperation(runtime, streamed, responsesKinds.isContent, deliver, options);
}

function overChat(parameters: ResponsesParameters): OverChat<ProviderResponse, ResponsesEvent> {
  return {
    question: toChatRequest(parameters),
    createTranslator: (model) => new ResponseTranslator(parameters, model),
    fold: foldResponse,
  };
}
