export interface RetryDelay {
  /** The attempt that failed, from 1. */
  attempt: number;
  /** The server's hint in milliseconds, a floor. One that is not a number above 0 counts as none. */
  retryAfterMs?: number | undefined;
  /** The bound of the wait after the first attempt in milliseconds; it doubles with each further one. */
  baseMs: number;
  /** The bound of every wait that no hint makes longer, in milliseconds. */
  maxMs: number;
  /** From 0 up to 1. */
  random: number;
}

/** How much longer than its hint a wait may be, so that all who were told the same moment do not come back in one. */
const hintSpread = 0.1;

/**
 * Milliseconds to wait before the next attempt: anywhere up to the exponential bound ("full jitter": Amazon Builders'
 * Library, "Timeouts, retries and backoff with jitter"), and never less than the hint. A whole number, as timers are:
 * a fraction more could pass a deadline that the fraction itself keeps.
 */
export function retryDelay({ attempt, retryAfterMs = 0, baseMs, maxMs, random }: RetryDelay): number {
  const backoffMs = random * Math.min(maxMs, baseMs * 2 ** Math.min(attempt - 1, 30));
  const floorMs = retryAfterMs > 0 ? retryAfterMs * (1 + random * hintSpread) : 0;
  return Math.ceil(Math.max(backoffMs, floorMs));
}
