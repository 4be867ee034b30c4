import { AnyLLMError } from '../../errors/any-llm-error.ts';
import {
  ConnectionError,
  OverloadedError,
  ProviderError,
  StreamInterruptedError,
  TimeoutError,
} from '../../errors/errors.ts';

/**
 * Whether the error says that the server is not well: no connection, a time limit of one attempt, 5xx, 408, 529, a cut
 * stream. Not: what the caller got wrong, rate limits and quotas (the server answers, and answers quickly), an abort.
 *
 * The `total` limit does not count. It is the caller's own and covers queueing too: one caller in a hurry must not shut
 * the circuit for the others. A server that hangs is seen by the limits of an attempt (`attempt`, `headers`,
 * `firstToken`, `idle`), without which no time would be left for a fallback either.
 *
 * Errors that are not ours count, for the sake of functions that know nothing of ours; aborts among them do not.
 */
export function countsAsFailure(error: unknown): boolean {
  if (!AnyLLMError.isInstance(error)) return !isAbort(error);
  if (TimeoutError.isInstance(error)) return error.phase !== 'total';
  if (StreamInterruptedError.isInstance(error)) return causeCounts(error.cause);
  if (ProviderError.isInstance(error)) return isServerFailure(error.status);
  // Without a status it is a circuit's own refusal. A 429 may say "overloaded" too, and stays a matter of rates.
  if (OverloadedError.isInstance(error)) return isServerFailure(error.status);
  return ConnectionError.isInstance(error);
}

/** A stream that ended in an error which the server sent is judged by that error: a rate limit stays one. */
function causeCounts(cause: unknown): boolean {
  return AnyLLMError.isInstance(cause) && cause.status !== undefined ? countsAsFailure(cause) : true;
}

function isServerFailure(status = 0): boolean {
  return status >= 500 || status === 408;
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
