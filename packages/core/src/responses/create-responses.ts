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
import { checkRequest } from '../request/validate-request.ts';
import { outputText } from './output-text.ts';
import { promptTokens } from './prompt-tokens.ts';
import { foldResponse, ResponseTranslator } from './response-translator.ts';
import { responsesShape } from './responses-shape.ts';
import { ResponsesStream, responsesKinds } from './responses-stream.ts';
import { toChatRequest } from './to-chat-request.ts';
import { toUsage } from './usage.ts';

/**
 * The type of `responses`.
 * @template Model the ids that are accepted
 * @template Id the providers that may be named
 */
export interface ResponsesFunction<Model extends string = string, Id extends string = string> {
  /**
   * Asks a model in the shape of OpenAI's Responses API: natively where the provider has it, over chat completions
   * otherwise. With `stream: true` the promise settles with the first content, so that whatever goes wrong before it
   * rejects here.
   * @throws AnyLLMError of the class that fits, or the reason of `options.signal`
   */
  (request: ResponsesRequest<Model> & Whole, options?: CallOptions<Id>): Promise<ResponsesResult>;
  (request: ResponsesRequest<Model> & Streamed, options?: CallOptions<Id>): Promise<ResponsesStream>;
  (request: ResponsesRequest & Whole, options: Named<Id>): Promise<ResponsesResult>;
  (request: ResponsesRequest & Streamed, options: Named<Id>): Promise<ResponsesStream>;
  (request: ResponsesRequest, options: Named<Id>): Promise<ResponsesResult | ResponsesStream>;
  (request: ResponsesRequest<Model>, options?: CallOptions<Id>): Promise<ResponsesResult | ResponsesStream>;
}

type Streamed = { stream: true };
type Whole = { stream?: false | null };

/** Where the provider is named, the model is any text. */
type Named<Id extends string> = CallOptions<Id> & { provider: Id };

/** An answer whose length the request does not bound. */
const unboundedAnswerTokens = 1_000;

export function createResponses(runtime: ClientRuntime): ResponsesFunction {
  const responses = async (request: ResponsesRequest, options: CallOptions = {}) => {
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
    const deliver = (opened: ConstructorParameters<typeof ResponsesStream>[0]) => new ResponsesStream(opened);
    const streamed = { ...operation, member: 'streamResponse', pick } as const;
    return openOperation(runtime, streamed, responsesKinds.isContent, deliver, options);
  };
  return responses as ResponsesFunction;
}

function overChat(parameters: ResponsesParameters): OverChat<ProviderResponse, ResponsesEvent> {
  return {
    question: toChatRequest(parameters),
    createTranslator: (model) => new ResponseTranslator(parameters, model),
    fold: foldResponse,
  };
}
