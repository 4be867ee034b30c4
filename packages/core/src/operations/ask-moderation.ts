import type { ClientRuntime } from '../client/client-runtime.ts';
import type { CallOptions } from '../contract/call-options.ts';
import type { ModerationRequest, ModerationResult, ProviderModerations } from '../contract/moderation.ts';
import { InvalidRequestError } from '../errors/errors.ts';
import { checkRequest } from '../request/check-request.ts';
import { messageShape } from '../request/request-shape.ts';
import { closed, either, list, nonEmpty, object, optional, tagged, text } from '../request/shape.ts';
import { modelField, providerOptionsField, unknownParameter } from './request-fields.ts';
import { runOperation } from './run-operation.ts';

const part = tagged('type', {
  text: object({ text: nonEmpty(text) }),
  image_url: object({ image_url: object({ url: nonEmpty(text) }) }),
});

const shape = closed(
  {
    model: modelField,
    input: optional(either(text, nonEmpty(list(text)), nonEmpty(list(part)))),
    messages: optional(nonEmpty(list(messageShape))),
    provider_options: providerOptionsField,
  },
  unknownParameter,
);

/** What `moderation` does. */
export async function askModeration(
  runtime: ClientRuntime,
  request: ModerationRequest,
  options?: CallOptions,
): Promise<ModerationResult> {
  checkRequest(shape, request);
  const { model, input, ...rest } = request;
  if ((input === undefined) === (rest.messages === undefined)) throw notOne();
  const inputs = (typeof input === 'string' ? [input] : input) as readonly string[] | undefined;
  const expected = inputs?.every((each) => typeof each === 'string') ? inputs.length : 1;
  const operation = { member: 'moderate', label: 'moderations are', models: model } as const;
  const parameters = { ...rest, ...(inputs && { input: inputs }) };
  const complain = ({ results }: ProviderModerations) =>
    results.length === expected ? undefined : `asked for ${expected} verdicts, got ${results.length}`;
  return runOperation(runtime, { ...operation, pick: ({ moderate }) => moderate, parameters, complain }, options);
}

function notOne(): InvalidRequestError {
  return new InvalidRequestError('a moderation needs exactly one of `input` and `messages`', { path: 'input' });
}
