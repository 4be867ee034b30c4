import type { CallOptions, CompletionOptions } from '../contract/call-options.ts';
import { abortSignal, anything, type Check, type Checks, callback, checkFields } from '../errors/check-fields.ts';

const text: Check = { test: isString, expected: 'a string' };

/** For those that have options of their own besides. */
export const callChecks: Checks<CallOptions> = {
  signal: abortSignal,
  timeout: anything, // by `resolveTimeLimits`
  retries: anything, // by `resolveRetryPolicy`
  fallbacks: anything, // by `resolveFallback`
  hedge: { test: (value) => value === false, expected: 'false, or be left out' },
  priority: { test: Number.isFinite, expected: 'a number' },
  provider: text,
  apiKey: text,
  baseURL: text,
  headers: { test: isHeaders, expected: 'a plain object of strings' },
  unsupported: { test: (value) => value === 'warn' || value === 'error', expected: '"warn" or "error"' },
  transport: { test: callback.test, expected: 'a transport' },
};

export const completionChecks: Checks<CompletionOptions> = {
  ...callChecks,
  onInterrupt: { test: (value) => value === 'restart', expected: '"restart", or be left out' },
  repair: { test: (value) => value === 0, expected: '0 without a schema in `response_format`' },
};

/** @throws InvalidRequestError with the path of the option */
export function checkOptions(options: unknown): asserts options is CallOptions {
  checkFields(options, callChecks);
}

/** @throws InvalidRequestError with the path of the option */
export function checkCompletionOptions(options: unknown): asserts options is CompletionOptions {
  checkFields(options, completionChecks);
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
