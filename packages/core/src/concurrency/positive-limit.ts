import { invalidValue } from '../errors/invalid-field.ts';

/** Passes an integer of at least 1 or `Infinity`; throws `InvalidRequestError` with path `concurrency` for all else. */
export function checkConcurrency(concurrency: number): number {
  if (concurrency >= 1 && (Number.isInteger(concurrency) || concurrency === Infinity)) return concurrency;
  throw invalidValue('concurrency', 'an integer of at least 1, or Infinity', concurrency);
}

/** Passes milliseconds above 0 or `Infinity`; throws `InvalidRequestError` with path `timeout` for all else. */
export function checkTimeout(timeoutMs: number): number {
  if (typeof timeoutMs === 'number' && timeoutMs > 0) return timeoutMs;
  throw invalidValue('timeout', 'a number of milliseconds above 0, or Infinity', timeoutMs);
}
