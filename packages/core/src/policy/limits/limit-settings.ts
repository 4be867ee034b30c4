import { invalidField, invalidValue } from '../../errors/invalid-field.ts';
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
  checkNames(settings, path);
  const at = (name: keyof LimitSettings) => `${path}.${name}`;
  const concurrency = parseInteger(settings.concurrency, at('concurrency'), 1) ?? Infinity;
  return {
    concurrency,
    requestsPerMinute: parseRate(settings.requestsPerMinute, at('requestsPerMinute')),
    tokensPerMinute: parseRate(settings.tokensPerMinute, at('tokensPerMinute')),
    burst: parseBurst(settings, at('burst')),
    maxQueue: parseInteger(settings.maxQueue, at('maxQueue'), 0) ?? defaultMaxQueue,
    adaptive: parseAdaptive(settings.adaptive, concurrency, at('adaptive')),
    store: parseStore(settings.store, at('store')),
    onStoreError: parseFailurePolicy(settings.onStoreError, at('onStoreError')),
  };
}

const names: Record<keyof Required<LimitSettings>, true> = {
  concurrency: true,
  requestsPerMinute: true,
  tokensPerMinute: true,
  burst: true,
  maxQueue: true,
  adaptive: true,
  store: true,
  onStoreError: true,
};

/** A misspelt limit would silently not be in force. */
function checkNames(settings: unknown, path: string): void {
  if (typeof settings !== 'object' || settings === null) throw invalidValue(path, 'an object', settings);
  const unknown = Object.keys(settings).find((name) => !Object.hasOwn(names, name));
  if (unknown === undefined) return;
  const known = Object.keys(names).join(', ');
  throw invalidField(`${path}.${unknown}`, `is not a limit; known are ${known}`);
}

function parseInteger(value: unknown, path: string, least: number): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && value >= least && (Number.isInteger(value) || value === Infinity)) return value;
  throw invalidValue(path, `an integer of at least ${least}, or Infinity`, value);
}

function parseRate(value: unknown, path: string): number | undefined {
  if (value === undefined || value === Infinity) return undefined;
  if (typeof value === 'number' && value > 0) return value;
  throw invalidValue(path, 'a number greater than 0, or Infinity', value);
}

function parseBurst({ burst, requestsPerMinute }: LimitSettings, path: string): number | undefined {
  const parsed = parseInteger(burst, path, 1);
  if (parsed === undefined || requestsPerMinute !== undefined) return parsed;
  throw invalidField(path, 'needs `requestsPerMinute`, of which it is a part');
}

function parseStore(value: unknown, path: string): LimitStore | undefined {
  if (value === undefined) return undefined;
  const store = Object(value) as Record<string, unknown>;
  const missing = ['take', 'finish', 'renew', 'hold'].find((method) => typeof store[method] !== 'function');
  if (missing === undefined) return value as LimitStore;
  throw invalidField(path, `must be a store with a function \`${missing}\``);
}

function parseFailurePolicy(value: unknown, path: string): 'throw' | 'allow-locally' {
  if (value === undefined || value === 'throw') return 'throw';
  if (value === 'allow-locally') return value;
  throw invalidValue(path, '"throw" or "allow-locally"', value);
}
