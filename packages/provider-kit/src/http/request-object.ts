import type { ProviderContext, ResponseParseError } from '@anyllm/core/provider';
import { errorFromEvent } from '../errors/map-error.ts';
import type { WireRequest, WireResponse } from './exchange.ts';
import { unreadable } from './request-bytes.ts';
import { requestJson } from './request-json.ts';

/** A whole answer that is an object. */
export interface ObjectAnswer {
  /** Any of them may be missing or of any type. */
  fields: Record<string, unknown>;
  response: WireResponse;
  /** The error for an answer that is not what it should be: "has no list of embeddings". */
  unreadable(how: string): ResponseParseError;
}

/**
 * Sends a request and reads its whole answer as a JSON object. A list stands in a field by its name, as some servers
 * send it bare.
 * @param listName the field of a bare list; absent: a list is no answer
 * @throws AnyLLMError of the class that fits, also for an error under a status of success; the signal's reason
 */
export async function requestObject(
  request: WireRequest,
  context: ProviderContext,
  listName?: string,
): Promise<ObjectAnswer> {
  const { provider, model } = request;
  const { json, response } = await requestJson(request, context);
  const { requestId } = response;
  const fields = toFields(json, listName);
  if (!fields) throw unreadable(request, 'is JSON, but no object', response);
  if (fields.error) throw errorFromEvent({ provider, model, body: fields, requestId, apiKey: context.apiKey });
  return { fields, response, unreadable: (how) => unreadable(request, how, response) };
}

function toFields(json: unknown, listName: string | undefined): Record<string, unknown> | undefined {
  if (Array.isArray(json)) return listName === undefined ? undefined : { [listName]: json };
  return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : undefined;
}
