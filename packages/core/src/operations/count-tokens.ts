import type { ClientRuntime } from '../client/client-runtime.ts';
import type { CallOptions } from '../contract/call-options.ts';
import type { CountTokensRequest, TokenCount } from '../contract/token-count.ts';
import { InvalidRequestError } from '../errors/errors.ts';
import { messageShape, toolShape } from '../request/request-shape.ts';
import { closed, list, nonEmpty, optional, text } from '../request/shape.ts';
import { checkRequest } from '../request/validate-request.ts';
import { modelField, providerOptionsField, unknownParameter } from './request-fields.ts';
import { runOperation } from './run-operation.ts';

/** @template Model the ids that are accepted; @template Id the providers that may be named */
export interface CountTokensFunction<Model extends string = string, Id extends string = string> {
  /**
   * Has the server count what a prompt is in tokens. Refused for providers whose server does not: nothing is estimated.
   * @throws AnyLLMError of the class that fits, or the reason of `options.signal`
   */
  (request: CountTokensRequest<Model>, options?: CallOptions<Id>): Promise<TokenCount>;
  (request: CountTokensRequest, options: CallOptions<Id> & { provider: Id }): Promise<TokenCount>;
}

const shape = closed(
  {
    model: modelField,
    messages: optional(nonEmpty(list(messageShape))),
    input: optional(nonEmpty(text)),
    tools: optional(list(toolShape)),
    provider_options: providerOptionsField,
  },
  unknownParameter,
);

export function createCountTokens(runtime: ClientRuntime): CountTokensFunction {
  return async (request: CountTokensRequest, options?: CallOptions) => {
    checkRequest(shape, request);
    const { model, ...parameters } = request;
    const { messages, input, tools } = parameters;
    if ((messages === undefined) === (input === undefined)) throw incomplete('exactly one of `messages` and `input`');
    if (tools && !messages) throw incomplete('`messages` where it has `tools`');
    const operation = { member: 'countTokens', label: 'counts of tokens are', models: model, parameters } as const;
    return runOperation(runtime, { ...operation, pick: ({ countTokens }) => countTokens }, options);
  };
}

function incomplete(needs: string): InvalidRequestError {
  return new InvalidRequestError(`a count of tokens needs ${needs}`, { path: 'messages' });
}
