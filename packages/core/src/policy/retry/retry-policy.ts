import { checkNames } from '../../errors/check-names.ts';
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
 * Merges options, later ones winning field by field; a bare number says only how many.
 * @throws InvalidRequestError with path `retries` or `retries.<field>`
 */
export function resolveRetryPolicy(...sources: (RetryOptions | undefined)[]): RetryPolicy {
  if (sources.every((source) => source === undefined)) return defaultRetryPolicy;
  return Object.assign({}, defaultRetryPolicy, ...sources.map(parseRetryOptions));
}

function parseRetryOptions(source: unknown): Partial<RetryPolicy> {
  if (source === undefined) return {};
  if (typeof source === 'number') return { attempts: parseRetries(source) };
  if (typeof source !== 'object' || source === null) throw invalidValue('retries', 'a number or an object', source);
  const entries = Object.entries(source).filter(([, value]) => value !== undefined);
  checkNames(source, Object.keys(checks), 'retries');
  for (const [field, value] of entries) checkField(field, value);
  return Object.fromEntries(entries);
}

function parseRetries(retries: number): number {
  if (isCount(retries, 0)) return retries + 1;
  throw invalidValue('retries', 'an integer of at least 0, or Infinity', retries);
}

const checks: { [Field in keyof Required<RetrySettings>]: { test: (value: unknown) => boolean; expected: string } } = {
  attempts: { test: (value) => isCount(value, 1), expected: 'an integer of at least 1, or Infinity' },
  baseMs: { test: isDuration, expected: 'milliseconds of at least 0' },
  maxMs: { test: isDuration, expected: 'milliseconds of at least 0' },
  budget: { test: isBudget, expected: 'made by createRetryBudget, or false' },
  shouldRetry: { test: isFunction, expected: 'a function' },
  onRetry: { test: isFunction, expected: 'a function' },
};

function checkField(field: string, value: unknown): void {
  const path = `retries.${field}`;
  const { test, expected } = checks[field as keyof RetrySettings];
  if (!test(value)) throw invalidValue(path, expected, value);
}

function isCount(value: unknown, min: number): boolean {
  return typeof value === 'number' && value >= min && (Number.isInteger(value) || value === Infinity);
}

function isDuration(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value < Infinity;
}

function isBudget(value: unknown): boolean {
  return value === false || isFunction((value as Partial<RetryBudget> | null)?.tryRetry);
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}
