import { AnyLLMError } from '../errors/any-llm-error.ts';
import type { ErrorCode } from '../errors/error-code.ts';
import { TimeoutError } from '../errors/errors.ts';

/** Failures of a server or of a limit, which another one may not have. */
const elsewhereBetter: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'connection',
  'context_length_exceeded',
  'overloaded',
  'quota_exceeded',
  'rate_limit',
  'response_parse',
  'stream_interrupted',
  'timeout',
]);

/**
 * Whether another model may do better: after a failed connection, a time limit of an attempt, 5xx and whatever else
 * may pass at the vendor (408, 409), overload, a rate limit or quota, a context that was too long, an answer that cannot
 * be read. Not after what another model would refuse as well or should not be asked instead: an invalid request, a
 * content filter, a missing or wrong key, a model that does not exist; nor when the call's own time is up.
 */
export function fallsBack(error: unknown): boolean {
  if (!AnyLLMError.isInstance(error)) return false;
  if (TimeoutError.isInstance(error)) return error.phase !== 'total';
  if (error.code === 'provider') return error.retryable || (error.status ?? 0) >= 500;
  return elsewhereBetter.has(error.code);
}
