import {
  type Check,
  type Checks,
  callback,
  checkField,
  checkFields,
  count,
  integerFrom,
  withoutAbsent,
} from '../../errors/check-fields.ts';
import { invalidValue } from '../../errors/invalid-field.ts';
import type { RetryBudget } from './retry-budget.ts';

/** What `onRetry` is told, before the wait. */
export interface RetryNotice {
  /** The attempt that failed, from 1. */
  attempt: number;
  /** Milliseconds until the next one. */
  delayMs: number;
  error: unknown;
}

/** Which failures are tried again, how often and after what wait. */
export interface RetrySettings {
  /** Attempts in all, the first included, as `error.attempts` counts them. Default 3. */
  attempts?: number;
  /** The bound of the wait after the first attempt in milliseconds; it doubles with each further one. Default 500. */
  baseMs?: number;
  /** The bound of every wait in milliseconds; only a server's hint makes one longer. Default 8,000. */
  maxMs?: number;
  /** Shared by many calls: see `createRetryBudget`. `false`: none. */
  budget?: RetryBudget | false;
  /**
   * Whether another attempt may succeed, in place of the error's own `retryable`. What it throws, the call throws.
   * It is not asked about a used-up quota or a caller's abort: neither is ever retried.
   */
  shouldRetry?: (error: unknown, attempt: number) => boolean;
  /** Called before each wait. What it throws, the call throws. */
  onRetry?: (notice: RetryNotice) => void;
}

/** How many retries after the first attempt (`2` is `{ attempts: 3 }`, `0` none), or the particulars. */
export type RetryOptions = number | RetrySettings;

/** `RetryOptions` with every default filled in. */
export interface RetryPolicy {
  readonly attempts: number;
  readonly baseMs: number;
  readonly maxMs: number;
  readonly budget?: RetryBudget | false;
  readonly shouldRetry?: NonNullable<RetrySettings['shouldRetry']>;
  readonly onRetry?: NonNullable<RetrySettings['onRetry']>;
}

export const defaultRetryPolicy: RetryPolicy = { attempts: 3, baseMs: 500, maxMs: 8_000 };

/**
 * Merges options, later ones winning field by field; a bare number says only how many. All but a call's own have been
 * checked when they were given.
 * @throws InvalidRequestError with path `options.retries` or `options.retries.<field>`
 */
export function resolveRetryPolicy(...sources: (RetryOptions | undefined)[]): RetryPolicy {
  if (sources.every((source) => source === undefined)) return defaultRetryPolicy;
  return Object.assign({}, defaultRetryPolicy, ...sources.map((source) => parseRetryOptions(source)));
}

/**
 * What is given, field by field.
 * @param path of where it is given
 * @throws InvalidRequestError with the path, or that of the field in it
 */
export function parseRetryOptions(source: unknown, path = 'options.retries'): Partial<RetryPolicy> {
  if (source === undefined) return {};
  if (typeof source === 'number') {
    checkField(path, integerFrom(0), source);
    return { attempts: source + 1 };
  }
  if (typeof source !== 'object' || source === null) throw invalidValue(path, 'a number or an object', source);
  checkFields(source, checks, path);
  return withoutAbsent(source);
}

const delay: Check = { test: isDelay, expected: 'milliseconds of at least 0' };

const checks: Checks<RetrySettings> = {
  attempts: count,
  baseMs: delay,
  maxMs: delay,
  budget: { test: isBudget, expected: 'made by createRetryBudget, or false' },
  shouldRetry: callback,
  onRetry: callback,
};

function isDelay(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value < Infinity;
}

function isBudget(value: unknown): boolean {
  return value === false || typeof (value as Partial<RetryBudget> | null)?.tryRetry === 'function';
}
