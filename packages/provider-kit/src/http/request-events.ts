import type { ProviderContext } from '@anyllm/core/provider';
import { createEventDecoder, type EventContext, type EventReader } from '../decode/event-decoder.ts';
import type { WireRequest, WireResponse } from './exchange.ts';
import { requestStream } from './request-stream.ts';

/**
 * Sends a request and yields what the server-sent events of its answer mean, each of which is a JSON object, or what a
 * whole answer means that came in their place.
 * @throws AnyLLMError of the class that fits, also for an error that the stream reports; the signal's reason
 */
export function requestEvents<Event extends object>(
  request: WireRequest,
  context: ProviderContext,
  reader: EventReader<Event>,
): AsyncIterableIterator<readonly Event[]> {
  return requestStream(request, context, (response) =>
    createEventDecoder(eventContext(request, response, context), reader),
  );
}

export function eventContext(
  { provider, model, mapError }: WireRequest,
  { status, requestId, headers }: WireResponse,
  { apiKey }: ProviderContext,
): EventContext {
  const contentType = String(headers['content-type'] ?? '');
  return { provider, model, mapError, status, requestId, apiKey, contentType };
}
