import { AnyLLMError } from '../../errors/any-llm-error.ts';
import { QuotaExceededError, RateLimitError } from '../../errors/errors.ts';
import { giveUp } from './give-up.ts';
import { retryDelay } from './retry-delay.ts';
import type { RetryPolicy } from './retry-policy.ts';

export interface FailedAttempt {
  error: unknown;
  /** The attempt that failed, from 1. */
  attempt: number;
  policy: RetryPolicy;
  /** Until the deadline, in milliseconds. Default `Infinity`. */
  timeLeftMs?: number;
  /** All the time that there was, for the message. */
  timeoutMs?: number;
  /** From 0 up to 1. Default `Math.random`. */
  random?: () => number;
}

/**
 * Whether and when the next attempt follows; `undefined`: it does not, the error is final. A wait that does not end
 * before the deadline is not begun. A retry that is granted is taken out of the budget. Besides, an error that another
 * attempt might have got over is told why there is none (`gaveUp`), and `shouldRetry`, which may throw, is asked. A
 * caller's abort is not for this function to recognise: ask the signal first.
 */
export function nextRetry(failed: FailedAttempt): { delayMs: number } | undefined {
  const { error, attempt, policy, timeLeftMs = Infinity, timeoutMs = timeLeftMs, random = Math.random } = failed;
  if (attempt >= policy.attempts) {
    if (AnyLLMError.isInstance(error) && error.retryable) giveUp(error, 'attempts');
    return undefined;
  }
  if (!mayRetry(error, attempt, policy)) return undefined;
  const retryAfterMs = AnyLLMError.isInstance(error) ? error.retryAfterMs : undefined;
  const { baseMs, maxMs } = policy;
  const delayMs = retryDelay({ attempt, retryAfterMs, baseMs, maxMs, random: random() });
  if (delayMs >= timeLeftMs) {
    giveUp(error, 'deadline', `no time for another attempt in ${delayMs} ms within the timeout of ${timeoutMs} ms`);
  } else if (!pay(error, policy)) {
    // Last, so that only a retry that takes place is paid for.
    giveUp(error, 'budget', 'no further attempt, since retries are used up for now (retries.budget)');
  } else return { delayMs };
  return undefined;
}

/** Servers sometimes call a used-up quota retryable (`x-should-retry`), and so does a careless `shouldRetry`. */
function mayRetry(error: unknown, attempt: number, { shouldRetry }: RetryPolicy): boolean {
  if (QuotaExceededError.isInstance(error)) return false;
  if (shouldRetry) return shouldRetry(error, attempt) === true; // a promise, which any async function gives, is no yes
  return AnyLLMError.isInstance(error) && error.retryable;
}

/**
 * Coming back when a rate limit names the time is free: it is flow control, which does not multiply an outage, and a
 * burst of calls that are all told to wait would otherwise lose most of them to the budget.
 */
function pay(error: unknown, { budget }: RetryPolicy): boolean {
  if (!budget) return true;
  const invited = RateLimitError.isInstance(error) && error.retryAfterMs !== undefined;
  return invited || budget.tryRetry();
}
