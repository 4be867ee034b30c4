import { type RateLimitBucket, type RateLimitSnapshot, type ResponseHeaders, remember } from '@anyllm/core/provider';
import { parseDuration } from './duration.ts';
import { headerValue, parseDecimal } from './header-value.ts';

interface HeaderMeaning {
  bucket: string;
  field: 'limit' | 'remaining' | 'resetMs';
}

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
  let snapshot: RateLimitSnapshot | undefined;
  for (const name in headers) {
    if (!name.startsWith('ratelimit', name.startsWith('x-') ? 2 : 0)) continue;
    const meaning = meaningOf(name);
    const value = headerValue(headers, name);
    if (meaning === undefined || value === undefined) continue;
    const figure = meaning.field === 'resetMs' ? parseReset(value, now) : parseDecimal(value);
    // Azure sends a limit of -1 or 0 for one that it does not know.
    if (figure === undefined || (meaning.field === 'limit' && figure === 0)) continue;
    snapshot ??= Object.create(null) as RateLimitSnapshot; // the server names the buckets: `constructor` is none of ours
    bucketOf(snapshot, meaning.bucket)[meaning.field] = figure;
  }
  return snapshot;
}

function bucketOf(snapshot: RateLimitSnapshot, name: string): RateLimitBucket {
  const bucket = snapshot[name] ?? {};
  snapshot[name] = bucket;
  return bucket;
}

/** A vendor sends the same few names with each answer. Few are kept, since the names are the server's to choose. */
const meaningOf = /* @__PURE__ */ remember((name): HeaderMeaning | undefined => {
  const [, bySize, field, suffix] = rateLimitHeader.exec(name) ?? [];
  if (field === undefined) return undefined;
  const sized = suffix === undefined ? 'tokens' : `tokens-${suffix}`;
  const bucket = bySize === undefined ? (suffix ?? 'requests') : sized;
  return { bucket, field: field === 'reset' ? 'resetMs' : (field as 'limit' | 'remaining') };
}, 256);

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
