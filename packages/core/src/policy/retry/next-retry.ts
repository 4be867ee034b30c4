import { AnyLLMError } from '../../errors/any-llm-error.ts';
import { QuotaExceededError, RateLimitError } from '../../errors/errors.ts';
import { retryDelay } from './retry-delay.ts';
import type { RetryPolicy } from './retry-policy.ts';

export interface FailedAttempt {
  error: unknown;
  /** The attempt that failed, from 1. */
  attempt: number;
  policy: RetryPolicy;
  /** Until the deadline, in milliseconds. Default `Infinity`. */
  timeLeftMs?: number;
  /** From 0 up to 1. Default `Math.random`. */
  random?: () => number;
}

/**
 * Whether and when the next attempt follows; `undefined`: it does not, the error is final. A wait that does not end
 * before the deadline is not begun. A retry that is granted is taken out of the budget. The one side effect besides
 * is `shouldRetry`, which may throw. A caller's abort is not for this function to recognise: ask the signal first.
 */
export function nextRetry(failed: FailedAttempt): { delayMs: number } | undefined {
  const { error, attempt, policy, timeLeftMs = Infinity, random = Math.random } = failed;
  if (attempt >= policy.attempts || !mayRetry(error, attempt, policy)) return undefined;
  const retryAfterMs = AnyLLMError.isInstance(error) ? error.retryAfterMs : undefined;
  const { baseMs, maxMs } = policy;
  const delayMs = retryDelay({ attempt, retryAfterMs, baseMs, maxMs, random: random() });
  // Last, so that only a retry that takes place is paid for.
  return delayMs < timeLeftMs && pay(error, policy) ? { delayMs } : undefined;
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
