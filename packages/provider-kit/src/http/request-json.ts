import type { ProviderContext } from '@anyllm/core/provider';
import { explained, Failure } from '../errors/failure.ts';
import type { WireRequest, WireResponse } from './exchange.ts';
import { WholeExchange } from './request-bytes.ts';

/** A whole answer. */
export interface JsonAnswer {
  /** The parsed body, of any JSON type. */
  json: unknown;
  response: WireResponse;
}

/**
 * Sends a request and reads its whole answer as JSON.
 * @throws AnyLLMError of the class that fits; the signal's reason when that aborts
 */
export function requestJson(request: WireRequest, context: ProviderContext): Promise<JsonAnswer>;
/**
 * The same, and makes of the answer what is wanted.
 * @param read what it throws is what the request fails with
 */
export function requestJson<T>(
  request: WireRequest,
  context: ProviderContext,
  read: (answer: JsonAnswer) => T | Promise<T>,
): Promise<T>;
export function requestJson(
  request: WireRequest,
  context: ProviderContext,
  read: (answer: JsonAnswer) => unknown = asItIs,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const deliver = (bytes: Buffer, response: WireResponse) =>
      resolve(explained(read({ json: parse(bytes.toString(), request, response), response })));
    new WholeExchange(request, context, deliver, reject).send();
  });
}

function asItIs(answer: JsonAnswer): JsonAnswer {
  return answer;
}

function parse(text: string, request: WireRequest, response: WireResponse): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const { provider, model } = request;
    throw new Failure(({ notJson }) => notJson(text, request, response), { provider, model, status: response.status });
  }
}
