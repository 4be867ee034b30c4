import type { ResponseHeaders } from '@anyllm/core/provider';
import { parseDuration } from './duration.ts';
import { headerValue, parseDecimal } from './header-value.ts';
import { parseDateDelta, parseRateLimits } from './rate-limits.ts';

/**
 * Milliseconds to wait before another attempt, by the first of these that can be read: `retry-after-ms`, `retry-after`
 * (seconds or HTTP date), "try again in 1.2s" in the vendor's message, the reset of a rate limit that is used up.
 * Whether the wait is reasonable is for the caller to judge. Never throws.
 */
export function parseRetryAfter(headers: ResponseHeaders, message = '', now: number = Date.now()): number | undefined {
  const waitMs =
    retryAfterMs(headers) ?? retryAfter(headers, now) ?? hintInText(message) ?? resetOfExhausted(headers, now);
  return waitMs === undefined ? undefined : Math.min(Math.ceil(waitMs), Number.MAX_SAFE_INTEGER);
}

function retryAfterMs(headers: ResponseHeaders): number | undefined {
  const value = headerValue(headers, 'retry-after-ms');
  return value === undefined ? undefined : parseDecimal(value);
}

function retryAfter(headers: ResponseHeaders, now: number): number | undefined {
  const value = headerValue(headers, 'retry-after');
  if (value === undefined) return undefined;
  const seconds = parseDecimal(value);
  return seconds === undefined ? parseDateDelta(value, serverTime(headers) ?? now) : seconds * 1000;
}

/** The server's own clock, where it tells it: a date in the answer was made with that one. */
function serverTime(headers: ResponseHeaders): number | undefined {
  const time = Date.parse(headerValue(headers, 'date') ?? '');
  return Number.isNaN(time) ? undefined : time;
}

const hint =
  /(?:try again|retry) (?:in|after) (?:((?:\d{1,15}(?:\.\d{1,15})?(?:ms|us|µs|ns|[dhms])){1,6})\b|(\d{1,15}(?:\.\d{1,15})?) ?(s|m|h)(?:ec|in|our))/i;

function hintInText(message: string): number | undefined {
  const [, duration, amount, unit] = hint.exec(message) ?? [];
  if (amount !== undefined && unit !== undefined) return parseDuration(`${amount}${unit.toLowerCase()}`);
  return duration === undefined ? undefined : parseDuration(duration);
}

/** All the limits that are used up must have been reset. */
function resetOfExhausted(headers: ResponseHeaders, now: number): number | undefined {
  const buckets = Object.values(parseRateLimits(headers, now) ?? {});
  const waits = buckets.flatMap(({ remaining, resetMs }) =>
    remaining === 0 && resetMs !== undefined ? [resetMs] : [],
  );
  return waits.length === 0 ? undefined : Math.max(...waits);
}
