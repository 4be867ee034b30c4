import type { CallOptions, CompletionOptions } from '../contract/call-options.ts';
import { checkNames } from '../errors/check-names.ts';
import { invalidField } from '../errors/invalid-field.ts';

interface Check {
  test: (value: unknown) => boolean;
  expected: string;
}

type Checks<Options> = { [Name in keyof Required<Options>]: Check };

const checks: Checks<CallOptions> = {
  signal: { test: (value) => value instanceof AbortSignal, expected: 'an AbortSignal' },
  timeout: { test: () => true, expected: '' }, // by `resolveTimeLimits`
  retries: { test: () => true, expected: '' }, // by `resolveRetryPolicy`
  fallbacks: { test: () => true, expected: '' }, // by `resolveFallback`
  hedge: { test: (value) => value === false, expected: 'false, or be left out' },
  priority: { test: Number.isFinite, expected: 'a number' },
  provider: { test: isString, expected: 'a string' },
  apiKey: { test: isString, expected: 'a string' },
  baseURL: { test: isString, expected: 'a string' },
  headers: { test: isHeaders, expected: 'a plain object of strings' },
  unsupported: { test: (value) => value === 'warn' || value === 'error', expected: '"warn" or "error"' },
  transport: { test: (value) => typeof value === 'function', expected: 'a transport' },
};

const completionChecks: Checks<CompletionOptions> = {
  ...checks,
  onInterrupt: { test: (value) => value === 'restart', expected: '"restart", or be left out' },
  repair: { test: (value) => value === 0, expected: '0 without a schema in `response_format`' },
};

/** For those that have options of their own besides. */
export const callOptionNames: readonly string[] = Object.keys(checks);
export const completionOptionNames: readonly string[] = Object.keys(completionChecks);

/** @throws InvalidRequestError with the path of the option */
export function checkOptions(options: unknown): asserts options is CallOptions {
  check(options, checks, callOptionNames);
}

/** @throws InvalidRequestError with the path of the option */
export function checkCompletionOptions(options: unknown): asserts options is CompletionOptions {
  check(options, completionChecks, completionOptionNames);
}

function check(options: unknown, checks: Readonly<Record<string, Check>>, names: readonly string[]): void {
  if (typeof options !== 'object' || options === null) throw invalidField('options', 'must be an object');
  checkNames(options, names);
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const { test, expected } = checks[name] as Check;
    if (!test(value)) throw invalidField(`options.${name}`, `must be ${expected}`);
  }
}

function isString(value: unknown): boolean {
  return typeof value === 'string';
}

/** A `Headers` or `Map` has no own fields: what it holds would be lost. */
function isHeaders(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Symbol.iterator in value) return false;
  return Object.values(value).every(isString);
}
