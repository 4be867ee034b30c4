import { anything, type Check, type Checks, checkFields, count, countFromZero } from '../../errors/check-fields.ts';
import { invalidField } from '../../errors/invalid-field.ts';
import { type AdaptiveSettings, parseAdaptive } from './adaptive-settings.ts';
import type { LimitStore } from './limit-store.ts';

/** How many calls may run, and at what rate. What is absent does not limit. */
export interface LimitSettings {
  /** How many may run at once: an integer of at least 1. */
  concurrency?: number;
  /** How many may start in any 60 seconds, wherever they begin: a number greater than 0. */
  requestsPerMinute?: number;
  /**
   * Tokens in any 60 seconds: a number greater than 0. A call reserves its estimate and is settled with its real use.
   * One that needs more than all of it starts alone and blocks the minutes that it uses up.
   */
  tokensPerMinute?: number;
  /**
   * How many of `requestsPerMinute` may start at the same moment; the others follow evenly spread. An integer of at
   * least 1. Default: all of them. For servers that enforce 60 per minute as 1 per second.
   */
  burst?: number;
  /** How many may wait; one more is refused at once. An integer from 0 to `Infinity`. Default 100,000. */
  maxQueue?: number;
  /** Finds the number that the server can take, between 1 and `concurrency`, by its 429, 503, 529 and timeouts. */
  adaptive?: boolean | AdaptiveSettings;
  /** Where the state lives that several processes share. Default: in this limiter alone. */
  store?: LimitStore;
  /**
   * When the store fails or does not answer within 2 seconds: `"throw"` (default) fails the waiting calls with a
   * retryable `ConnectionError`, so that the limit holds; `"allow-locally"` lets this process use the whole limit by
   * its own count until the store answers again, so that n processes may reach n times the limit.
   */
  onStoreError?: 'throw' | 'allow-locally';
}

/** Settings that have been checked. `Infinity` and `undefined` stand for no limit. */
export interface Limits {
  concurrency: number;
  requestsPerMinute: number | undefined;
  tokensPerMinute: number | undefined;
  burst: number | undefined;
  maxQueue: number;
  adaptive: Required<AdaptiveSettings> | undefined;
  store: LimitStore | undefined;
  onStoreError: 'throw' | 'allow-locally';
}

/** Enough for any batch that fits into memory, and a bound for a producer that nothing holds back. */
const defaultMaxQueue = 100_000;

/**
 * Checks the settings and fills in the defaults.
 * @param path what the settings are called in errors
 * @throws InvalidRequestError with the path of the wrong setting, as `limits.concurrency`
 */
export function parseLimits(settings: LimitSettings, path = 'limits'): Limits {
  checkFields(settings, checks, path);
  const { concurrency = Infinity, requestsPerMinute, tokensPerMinute, burst, store } = settings;
  if (burst !== undefined && requestsPerMinute === undefined) {
    throw invalidField(`${path}.burst`, 'needs `requestsPerMinute`, of which it is a part');
  }
  return {
    concurrency,
    requestsPerMinute: finite(requestsPerMinute),
    tokensPerMinute: finite(tokensPerMinute),
    burst,
    maxQueue: settings.maxQueue ?? defaultMaxQueue,
    adaptive: parseAdaptive(settings.adaptive, concurrency, `${path}.adaptive`),
    store,
    onStoreError: settings.onStoreError ?? 'throw',
  };
}

const rate: Check = { test: isRate, expected: 'a number greater than 0, or Infinity' };

const checks: Checks<LimitSettings> = {
  concurrency: count,
  requestsPerMinute: rate,
  tokensPerMinute: rate,
  burst: count,
  maxQueue: countFromZero,
  adaptive: anything, // by `parseAdaptive`
  store: { test: isStore, expected: 'a store with functions `take`, `finish`, `renew` and `hold`' },
  onStoreError: { test: isFailurePolicy, expected: '"throw" or "allow-locally"' },
};

function isRate(value: unknown): boolean {
  return typeof value === 'number' && value > 0;
}

function isStore(value: unknown): boolean {
  const store = Object(value) as Record<string, unknown>;
  return ['take', 'finish', 'renew', 'hold'].every((method) => typeof store[method] === 'function');
}

function isFailurePolicy(value: unknown): boolean {
  return value === 'throw' || value === 'allow-locally';
}

function finite(rate: number | undefined): number | undefined {
  return rate === Infinity ? undefined : rate;
}
