import { AnyLLMError } from '@anyllm/core';

const markers = ['vercel.ai.error', 'vercel.ai.error.AI_APICallError'].map((name) => Symbol.for(name));

/**
 * Marks a failed call so that it is also an `APICallError` of AI SDK, one that is not to be retried: what there was to
 * retry has been. It stays our error, with its class, code and attempts. One that failed before the network, and what
 * is not ours (the reason of an abort above all), comes back untouched; AI SDK does not retry it either.
 */
export function toModelError(error: unknown): unknown {
  if (!AnyLLMError.isInstance(error) || error.attempts.length === 0) return error;
  const properties = { statusCode: error.status, isRetryable: false, url: '', requestBodyValues: {} };
  for (const [name, value] of Object.entries(properties)) define(error, name, value);
  for (const marker of markers) define(error, marker, true);
  return error;
}

/** Not enumerable: printed and as JSON, the error is as it was. */
function define(error: Error, name: PropertyKey, value: unknown): void {
  Object.defineProperty(error, name, { value, configurable: true });
}

/** Waits for a call whose failure is to be both. */
export async function failAsModel<T>(result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (error) {
    throw toModelError(error);
  }
}
