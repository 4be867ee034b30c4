import { expect, test, vi } from 'vitest';
import {
  AuthenticationError,
  ConnectionError,
  OverloadedError,
  QuotaExceededError,
  RateLimitError,
} from '../../errors/errors.ts';
import { nextRetry } from './next-retry.ts';
import { resolveRetryPolicy } from './retry-policy.ts';

const policy = resolveRetryPolicy();
const random = () => 0.5;
const reset = new ConnectionError('reset', { retryable: true });

test('an error that says so is retried after its wait', () => {
  expect(nextRetry({ error: reset, attempt: 1, policy, random })).toEqual({ delayMs: 250 });
  expect(nextRetry({ error: reset, attempt: 2, policy, random })).toEqual({ delayMs: 500 });
});

test('the last attempt is the last', () => {
  expect(nextRetry({ error: reset, attempt: 3, policy, random })).toBeUndefined();
});

test.each([
  ['not retryable', new AuthenticationError('key')],
  ['not ours', new Error('socket hang up')],
  ['no error at all', undefined],
])('an error that is %s is final', (_, error) => {
  expect(nextRetry({ error, attempt: 1, policy, random })).toBeUndefined();
});

test('`shouldRetry` decides in place of the error', () => {
  const yes = resolveRetryPolicy({ shouldRetry: () => true });
  const no = resolveRetryPolicy({ shouldRetry: () => false });
  expect(nextRetry({ error: new Error('mine'), attempt: 1, policy: yes, random })).toEqual({ delayMs: 250 });
  expect(nextRetry({ error: reset, attempt: 1, policy: no, random })).toBeUndefined();
});

test('an async `shouldRetry` is no yes', () => {
  const shouldRetry = (async () => false) as unknown as () => boolean;
  expect(nextRetry({ error: reset, attempt: 1, policy: resolveRetryPolicy({ shouldRetry }), random })).toBeUndefined();
});

test('a used-up quota is not retried, whoever says so', () => {
  const error = new QuotaExceededError('credits', { retryable: true, retryAfterMs: 1 });
  const shouldRetry = vi.fn(() => true);
  expect(nextRetry({ error, attempt: 1, policy: resolveRetryPolicy({ shouldRetry }), random })).toBeUndefined();
  expect(shouldRetry).not.toHaveBeenCalled();
});

test('a wait that does not end before the deadline is not begun', () => {
  const error = new OverloadedError('busy', { retryable: true, retryAfterMs: 1_000 });
  const ask = (timeLeftMs: number) => nextRetry({ error, attempt: 1, policy, timeLeftMs, random: () => 0 });
  expect(ask(1_001)).toEqual({ delayMs: 1_000 });
  expect(ask(1_000)).toBeUndefined();
});

test('a used-up budget makes the error final', () => {
  const budget = { recordCall() {}, tryRetry: () => false };
  expect(nextRetry({ error: reset, attempt: 1, policy: resolveRetryPolicy({ budget }), random })).toBeUndefined();
});

test('only a retry that takes place is taken out of the budget', () => {
  const budget = { recordCall() {}, tryRetry: vi.fn(() => true) };
  const budgeted = resolveRetryPolicy({ budget });
  const refused = { error: reset, policy: budgeted, random };
  nextRetry({ ...refused, attempt: 3 });
  nextRetry({ ...refused, attempt: 1, timeLeftMs: 10 });
  nextRetry({ ...refused, attempt: 1, error: new AuthenticationError('key') });
  expect(budget.tryRetry).not.toHaveBeenCalled();
  nextRetry({ ...refused, attempt: 1 });
  expect(budget.tryRetry).toHaveBeenCalledOnce();
});

test('coming back when a rate limit says so is free, guessing when is not', () => {
  const budget = { recordCall() {}, tryRetry: () => false };
  const ask = (retryAfterMs?: number) => {
    const error = new RateLimitError('slow down', { retryable: true, retryAfterMs });
    return nextRetry({ error, attempt: 1, policy: resolveRetryPolicy({ budget }), random: () => 0 });
  };
  expect(ask(50)).toEqual({ delayMs: 50 });
  expect(ask()).toBeUndefined();
});

test.each([
  ['attempts', { attempt: 3 }, 'reset'],
  [
    'deadline',
    { attempt: 1, timeLeftMs: 100, timeoutMs: 900 },
    'reset; no time for another attempt in 250 ms within the timeout of 900 ms',
  ],
  [
    'budget',
    { attempt: 1, policy: { ...policy, budget: { recordCall() {}, tryRetry: () => false } } },
    'reset; no further attempt, since retries are used up for now (retries.budget)',
  ],
])('an error tells that it was given up for want of %s', (gaveUp, failed, message) => {
  const error = new ConnectionError('reset', { retryable: true });
  nextRetry({ error, policy, random, ...failed });
  expect(error).toMatchObject({ gaveUp, message });
  expect(error.stack).toContain(message);
  expect(JSON.parse(JSON.stringify(error))).toMatchObject({ gaveUp, message });
});

test('an error that is final by itself was not given up', () => {
  const error = new AuthenticationError('key');
  nextRetry({ error, attempt: 3, policy, random });
  expect(error).not.toHaveProperty('gaveUp');
});
