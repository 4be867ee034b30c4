import { type ProviderResponse, ResponseParseError } from '@anyllm/core/provider';
import { errorFromEvent } from '../errors/map-error.ts';
import { type Fields, fieldsOf } from './wire-fields.ts';

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
  return {
    ...wire,
    object: 'response',
    id: typeof wire.id === 'string' ? wire.id : '',
    created_at: Math.floor(Number(wire.created_at)) || Math.floor(Date.now() / 1000),
    status: (wire.status as ProviderResponse['status'] | undefined) ?? 'completed',
    model: typeof wire.model === 'string' ? wire.model : context.model,
    incomplete_details: (wire.incomplete_details as ProviderResponse['incomplete_details'] | undefined) ?? null,
    error: null,
    output: wire.output,
  };
}

/** The error that a failed response, or an event of a failure, stands for. */
export function failure(wire: Fields, context: ResponsesContext): Error {
  const error = wire.error ?? (wire.type === 'error' ? wire : undefined);
  const code = wire.status === 'cancelled' ? 499 : 'server_error';
  return errorFromEvent({ ...context, body: { error: error ?? { message: `the response ${wire.status}`, code } } });
}

export function unreadableResponse(how: string, context: ResponsesContext): ResponseParseError {
  const { provider, model, requestId } = context;
  return new ResponseParseError(`${provider}: the answer ${how}`, { provider, model, requestId, retryable: true });
}
