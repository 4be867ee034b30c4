import { AnyLLMError } from '../../errors/any-llm-error.ts';
import type { LimitFeedback } from './limiter.ts';

/** What a failed call tells the lane; nothing where the failure is not about load, or did not come from the server. */
export function toFeedback(error: unknown): LimitFeedback | undefined {
  if (!AnyLLMError.isInstance(error)) return undefined;
  const { code, status, retryAfterMs } = error;
  if (code === 'timeout') return { outcome: 'timeout' };
  if (status === undefined) return undefined; // a limiter's own refusal, inside this one
  if (code === 'rate_limit') return { outcome: 'rate_limited', retryAfterMs };
  return code === 'overloaded' ? { outcome: 'overloaded', retryAfterMs } : undefined;
}
