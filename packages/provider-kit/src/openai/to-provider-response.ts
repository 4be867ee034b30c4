import {
  type ProviderResponse,
  ResponseParseError,
  type ResponsesOutputItem,
  type ResponsesUsage,
} from '@anyllm/core/provider';
import { errorFromEvent } from '../errors/map-error.ts';
import { toResponseItem } from './to-response-item.ts';
import { countOf, type Fields, fieldsOf, secondsOf, textOf } from './wire-fields.ts';

/** What is known of an exchange when its answer is read. */
export interface ResponsesContext {
  provider: string;
  model: string;
  apiKey: string | undefined;
  requestId: string | undefined;
}

/**
 * The response that a body holds, as it is but for what every response has.
 * @throws AnyLLMError of the class that fits when it failed or is no response
 */
export function toProviderResponse(json: unknown, context: ResponsesContext): ProviderResponse {
  const wire = fieldsOf(Array.isArray(json) ? json[0] : json);
  if (!wire) throw unreadableResponse('is not a response', context);
  if (wire.error || wire.status === 'failed' || wire.status === 'cancelled') throw failure(wire, context);
  if (!Array.isArray(wire.output)) throw unreadableResponse('holds no output', context);
  const status = wire.status ?? 'completed';
  if (!isStatus(status)) throw unreadableResponse('has a status that is none', context);
  return {
    ...wire,
    object: 'response',
    id: textOf(wire.id),
    created_at: secondsOf(wire.created_at) ?? Math.floor(Date.now() / 1000),
    status,
    model: textOf(wire.model) || context.model,
    incomplete_details: toDetails(wire.incomplete_details),
    error: null,
    output: wire.output.map((item) => toItem(item, context)),
    ...(wire.usage !== undefined && { usage: isUsage(wire.usage) ? wire.usage : null }),
  };
}

/** @throws ResponseParseError for what is none */
export function toItem(wire: unknown, context: ResponsesContext): ResponsesOutputItem {
  const item = toResponseItem(wire);
  if (item) return item;
  throw unreadableResponse('holds an item that lacks what it is about', context);
}

const statuses: ReadonlySet<unknown> = new Set<ProviderResponse['status']>([
  'completed',
  'incomplete',
  'failed',
  'cancelled',
  'in_progress',
  'queued',
]);

function isStatus(value: unknown): value is ProviderResponse['status'] {
  return statuses.has(value);
}

function toDetails(wire: unknown): ProviderResponse['incomplete_details'] {
  const details = fieldsOf(wire);
  return typeof details?.reason === 'string' ? { ...details, reason: details.reason } : null;
}

function isUsage(wire: unknown): wire is ResponsesUsage {
  const { input_tokens, output_tokens, total_tokens } = fieldsOf(wire) ?? {};
  return [input_tokens, output_tokens, total_tokens].every((tokens) => countOf(tokens) !== undefined);
}

/** The error that a failed response, or an event of a failure, stands for. */
export function failure(wire: Fields, context: ResponsesContext): Error {
  const error = wire.error ?? (wire.type === 'error' ? wire : undefined);
  const code = wire.status === 'cancelled' ? 499 : 'server_error';
  return errorFromEvent({
    ...context,
    body: { error: error ?? { message: `the response ${textOf(wire.status) || 'failed'}`, code } },
  });
}

export function unreadableResponse(how: string, context: ResponsesContext): ResponseParseError {
  const { provider, model, requestId } = context;
  return new ResponseParseError(`${provider}: the answer ${how}`, { provider, model, requestId, retryable: true });
}
