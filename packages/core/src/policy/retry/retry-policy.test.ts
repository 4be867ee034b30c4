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
  [-1, 'retries'],
  [1.5, 'retries'],
  [Number.NaN, 'retries'],
  ['2', 'retries'],
  [null, 'retries'],
  [{ attempts: 0 }, 'retries.attempts'],
  [{ baseMs: -1 }, 'retries.baseMs'],
  [{ baseMs: Number.NaN }, 'retries.baseMs'],
  [{ maxMs: Infinity }, 'retries.maxMs'],
  [{ budget: true }, 'retries.budget'],
  [{ budget: null }, 'retries.budget'],
  [{ budget: { share: 0.5 } }, 'retries.budget'],
  [{ shouldRetry: true }, 'retries.shouldRetry'],
  [{ onRetry: 'log' }, 'retries.onRetry'],
  [{ count: 2 }, 'retries.count'],
])('%j is refused', (options, path) => {
  const resolve = () => resolveRetryPolicy(options as RetryOptions);
  expect(resolve).toThrow(expect.objectContaining({ code: 'invalid_request', path }));
});
