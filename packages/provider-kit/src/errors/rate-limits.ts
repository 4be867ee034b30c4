import type { RateLimitBucket, RateLimitSnapshot, ResponseHeaders } from '@anyllm/core/provider';
import { parseDuration } from './duration.ts';
import { headerValue, parseDecimal } from './header-value.ts';

/**
 * `x-ratelimit-remaining-tokens` and its like: OpenAI, Groq, Azure, Cerebras, Together, OpenRouter, Fireworks, xAI,
 * Mistral, and `ratelimit-*` of the IETF draft. `bysize` is Mistral's older name for tokens.
 */
const rateLimitHeader = /^(?:x-)?ratelimit(bysize)?-(limit|remaining|reset)(?:-([a-z0-9_-]{1,64}))?$/;

/**
 * What the answer's headers say of rate limits, by bucket: the rest of the header's name (`requests`, `tokens-minute`,
 * …), or `requests` where there is none. A value that cannot be read is left out. Never throws.
 * Called for every answer, so it costs a look at the first letters of each name when there is nothing to read.
 */
export function parseRateLimits(headers: ResponseHeaders, now: number = Date.now()): RateLimitSnapshot | undefined {
  let buckets: Map<string, RateLimitBucket> | undefined;
  for (const name in headers) {
    if (!name.startsWith('x-ratelimit') && !name.startsWith('ratelimit')) continue;
    const value = headerValue(headers, name);
    const [, bySize, field, suffix] = rateLimitHeader.exec(name) ?? [];
    if (value === undefined || field === undefined) continue;
    buckets ??= new Map();
    readField(buckets, bucketName(bySize !== undefined, suffix), field, value, now);
  }
  return buckets === undefined || buckets.size === 0 ? undefined : Object.fromEntries(buckets);
}

function bucketName(bySize: boolean, suffix: string | undefined): string {
  if (!bySize) return suffix ?? 'requests';
  return suffix === undefined ? 'tokens' : `tokens-${suffix}`;
}

function readField(
  buckets: Map<string, RateLimitBucket>,
  name: string,
  field: string,
  value: string,
  now: number,
): void {
  const number = field === 'reset' ? parseReset(value, now) : parseDecimal(value);
  // Azure sends a limit of -1 or 0 for one that it does not know.
  if (number === undefined || (field === 'limit' && number === 0)) return;
  const bucket = buckets.get(name) ?? {};
  buckets.set(name, bucket);
  if (field === 'limit') bucket.limit = number;
  else if (field === 'remaining') bucket.remaining = number;
  else bucket.resetMs = number;
}

/**
 * Milliseconds until a moment that a vendor states in its own way. A bare number is seconds below 10⁹, seconds since
 * 1970 below 10¹² and milliseconds since 1970 from there on; else a duration like `6m0s`, an RFC 3339 or an HTTP date.
 */
export function parseReset(value: string, now: number): number | undefined {
  const number = parseDecimal(value);
  if (number === undefined) return parseDuration(value) ?? parseDateDelta(value, now);
  if (number < 1e9) return Math.ceil(number * 1000);
  return Math.max(0, (number < 1e12 ? number * 1000 : number) - now);
}

/** Milliseconds from `now` to a date, 0 when it is past. Asks for a time of day, since `Date.parse` reads nearly anything. */
export function parseDateDelta(value: string, now: number): number | undefined {
  if (value.length > 64 || !/\d\d:\d\d:\d\d/.test(value)) return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : Math.max(0, time - now);
}
