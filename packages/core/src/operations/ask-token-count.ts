import type { ClientRuntime } from '../client/client-runtime.ts';
import type { CallOptions } from '../contract/call-options.ts';
import type { CountTokensRequest, TokenCount } from '../contract/token-count.ts';
import { InvalidRequestError } from '../errors/errors.ts';
import { checkRequest } from '../request/check-request.ts';
import { messageShape, toolShape } from '../request/request-shape.ts';
import { closed, list, nonEmpty, optional, text } from '../request/shape.ts';
import { modelField, providerOptionsField, unknownParameter } from './request-fields.ts';
import { runOperation } from './run-operation.ts';

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

/** What `countTokens` does. */
export async function askTokenCount(
  runtime: ClientRuntime,
  request: CountTokensRequest,
  options?: CallOptions,
): Promise<TokenCount> {
  checkRequest(shape, request);
  const { model, ...parameters } = request;
  const { messages, input, tools } = parameters;
  if ((messages === undefined) === (input === undefined)) throw incomplete('exactly one of `messages` and `input`');
  if (tools && !messages) throw incomplete('`messages` where it has `tools`');
  const operation = { member: 'countTokens', label: 'counts of tokens are', models: model, parameters } as const;
  return runOperation(runtime, { ...operation, pick: ({ countTokens }) => countTokens }, options);
}

function incomplete(needs: string): InvalidRequestError {
  return new InvalidRequestError(`a count of tokens needs ${needs}`, { path: 'messages' });
}
