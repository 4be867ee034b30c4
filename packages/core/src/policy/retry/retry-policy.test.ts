import { expect, test } from 'vitest';
import { createRetryBudget } from './retry-budget.ts';
import { type RetryOptions, resolveRetryPolicy } from './retry-policy.ts';

test('the default is two retries, up to half a second and then twice that', () => {
  expect(resolveRetryPolicy()).toEqual({ attempts: 3, baseMs: 500, maxMs: 8_000 });
  expect(resolveRetryPolicy(undefined, undefined)).toEqual(resolveRetryPolicy());
});

test('a number counts retries, `attempts` counts the first one too', () => {
  expect(resolveRetryPolicy(2)).toEqual(resolveRetryPolicy({ attempts: 3 }));
  expect(resolveRetryPolicy(0).attempts).toBe(1);
  expect(resolveRetryPolicy(Infinity).attempts).toBe(Infinity);
});

test('later options win field by field', () => {
  const budget = createRetryBudget();
  const merged = resolveRetryPolicy({ attempts: 9, baseMs: 100, budget }, 4, undefined, { maxMs: 2_000 });
  expect(merged).toEqual({ attempts: 5, baseMs: 100, maxMs: 2_000, budget });
});

test('an undefined field leaves the earlier one', () => {
  const options = { attempts: undefined, budget: false } as unknown as RetryOptions;
  expect(resolveRetryPolicy(7, options)).toEqual({ attempts: 8, baseMs: 500, maxMs: 8_000, budget: false });
});

test.each<[unknown, string]>([
  [-1, 'options.retries'],
  [1.5, 'options.retries'],
  [Number.NaN, 'options.retries'],
  ['2', 'options.retries'],
  [null, 'options.retries'],
  [{ attempts: 0 }, 'options.retries.attempts'],
  [{ baseMs: -1 }, 'options.retries.baseMs'],
  [{ baseMs: Number.NaN }, 'options.retries.baseMs'],
  [{ maxMs: Infinity }, 'options.retries.maxMs'],
  [{ budget: true }, 'options.retries.budget'],
  [{ budget: null }, 'options.retries.budget'],
  [{ budget: { share: 0.5 } }, 'options.retries.budget'],
  [{ shouldRetry: true }, 'options.retries.shouldRetry'],
  [{ onRetry: 'log' }, 'options.retries.onRetry'],
  [{ count: 2 }, 'options.retries.count'],
])('%j is refused', (options, path) => {
  const resolve = () => resolveRetryPolicy(options as RetryOptions);
  expect(resolve).toThrow(expect.objectContaining({ code: 'invalid_request', path }));
});
