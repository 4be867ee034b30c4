import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import {
  AuthenticationError,
  ConnectionError,
  InvalidRequestError,
  OverloadedError,
  RateLimitError,
  TimeoutError,
} from '../../errors/errors.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { listenerCount } from '../testing/listener-count.ts';
import { retry } from './retry.ts';
import { createRetryBudget } from './retry-budget.ts';
import type { RetryOptions } from './retry-policy.ts';

const reset = (message = 'reset') => new ConnectionError(message, { retryable: true });
const random = () => 0.5;

/** Fails as many times as there are errors, then succeeds; notes when it was called. */
function flaky(clock: FakeClock, errors: unknown[]) {
  const startedAt: number[] = [];
  const task = async ({ attempt }: { attempt: number }) => {
    startedAt.push(clock.now());
    if (attempt <= errors.length) throw errors[attempt - 1];
    return `attempt ${attempt}`;
  };
  return { task, startedAt };
}

/** The outcome of what runs while a minute passes. */
async function outcome<T>(clock: FakeClock, promise: Promise<T>): Promise<{ value: T } | { error: unknown }> {
  const settled = promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  await clock.advance(60_000);
  return settled;
}

test('a task that fails twice succeeds the third time, after waits that grow', async () => {
  const clock = new FakeClock();
  const { task, startedAt } = flaky(clock, [reset(), reset()]);
  expect(await outcome(clock, retry(task, 2, { clock, random }))).toEqual({ value: 'attempt 3' });
  expect(startedAt).toEqual([0, 250, 750]);
  expect(clock.timerCount).toBe(0);
});

test('the last real error is thrown, every attempt on it', async () => {
  const clock = new FakeClock();
  const last = new OverloadedError('three', { retryable: true, status: 503, provider: 'a', model: 'b' });
  const { task } = flaky(clock, [reset('one'), new RateLimitError('two', { retryable: true }), last]);
  expect(await outcome(clock, retry(task, 2, { clock, random }))).toEqual({ error: last });
  expect(last.attempts).toEqual([
    { provider: '', model: '', startMs: 0, durationMs: 0, waitMs: 250, error: { code: 'connection', message: 'one' } },
    {
      ...{ provider: '', model: '', startMs: 250, durationMs: 0, waitMs: 500 },
      error: { code: 'rate_limit', message: 'two' },
    },
    {
      ...{ provider: 'a', model: 'b', startMs: 750, durationMs: 0, status: 503 },
      error: { code: 'overloaded', message: 'three' },
    },
  ]);
});

test('the account that a failed call brings with it stays', async () => {
  const error = new AuthenticationError('key');
  const attempts = [{ provider: 'a', model: 'b', startMs: 0, durationMs: 1 }];
  error.attempts = attempts;
  await expect(retry(() => Promise.reject(error))).rejects.toBe(error);
  expect(error.attempts).toBe(attempts);
});

test.each([
  ['of a wrong key', new AuthenticationError('key')],
  ['that is not ours', new TypeError('fetch failed')],
])('an error %s is thrown at once', async (_, error) => {
  const task = vi.fn().mockRejectedValue(error);
  await expect(retry(task)).rejects.toBe(error);
  expect(task).toHaveBeenCalledOnce();
});

test('a synchronous throw counts as a failed attempt', async () => {
  const clock = new FakeClock();
  const task = vi.fn(({ attempt }: { attempt: number }) => {
    if (attempt === 1) throw reset();
    return attempt;
  });
  expect(await outcome(clock, retry(task, 1, { clock, random }))).toEqual({ value: 2 });
});

test('a hint that does not fit into the time left fails now, hint included', async () => {
  const clock = new FakeClock();
  const error = new RateLimitError('slow down', { retryable: true, retryAfterMs: 5_000 });
  const { task, startedAt } = flaky(clock, [error]);
  const promise = retry(task, 2, { timeout: 5_000, clock, random });
  await expect(promise).rejects.toBe(error);
  expect([clock.now(), startedAt, clock.timerCount]).toEqual([0, [0], 0]);
});

test('a wait that would end with the deadline is not begun, by a fraction either', async () => {
  const clock = new FakeClock();
  const error = reset();
  const { task } = flaky(clock, [error]);
  await expect(retry(task, 2, { timeout: 250, clock, random: () => 0.4999 })).rejects.toBe(error);
});

test('an attempt that still runs at the deadline is aborted and left behind', async () => {
  const clock = new FakeClock();
  let seen: AbortSignal | undefined;
  const task = ({ signal, attempt }: { signal: AbortSignal; attempt: number }) => {
    seen = signal;
    return attempt === 1 ? Promise.reject(reset()) : new Promise<never>(() => {});
  };
  const result = await outcome(clock, retry(task, 2, { timeout: 1_000, clock, random }));
  expect(result).toMatchObject({ error: { code: 'timeout', phase: 'total', timeoutMs: 1_000 } });
  expect(result).toMatchObject({ error: { attempts: [{ error: { code: 'connection' } }] } });
  expect(seen?.reason).toBeInstanceOf(TimeoutError);
  expect(clock.timerCount).toBe(0);
});

test.each(['an attempt', 'a wait'])('an abort during %s rejects with its reason at once', async (phase) => {
  const clock = new FakeClock();
  const controller = new AbortController();
  const task = vi.fn(() => (phase === 'a wait' ? Promise.reject(reset()) : new Promise<never>(() => {})));
  const promise = retry(task, 5, { signal: controller.signal, timeout: 90_000, clock, random });
  promise.catch(() => {});
  await clock.advance(100);
  controller.abort('enough');
  await expect(promise).rejects.toBe('enough');
  expect(clock.now()).toBe(100);
  expect([clock.timerCount, listenerCount(controller.signal)]).toEqual([0, 0]);
  await clock.advance(60_000);
  expect(task).toHaveBeenCalledOnce();
});

test('what a task throws because of the abort is not retried', async () => {
  const clock = new FakeClock();
  const controller = new AbortController();
  const task = vi.fn(async () => {
    controller.abort('enough');
    throw reset();
  });
  const policy = { shouldRetry: vi.fn(() => true), onRetry: vi.fn() };
  const promise = retry(task, policy, { signal: controller.signal, clock, random });
  expect(await outcome(clock, promise)).toEqual({ error: 'enough' });
  expect(task).toHaveBeenCalledOnce();
  expect(policy.shouldRetry).not.toHaveBeenCalled();
  expect(policy.onRetry).not.toHaveBeenCalled();
});

test('nothing starts under an aborted signal', async () => {
  const task = vi.fn();
  await expect(retry(task, 2, { signal: AbortSignal.abort('before') })).rejects.toBe('before');
  expect(task).not.toHaveBeenCalled();
});

test('`onRetry` is told of each retry before its wait', async () => {
  const clock = new FakeClock();
  const [one, two] = [reset('one'), reset('two')];
  const notices: unknown[] = [];
  const onRetry = (notice: object) => notices.push({ ...notice, at: clock.now() });
  const policy: RetryOptions = { attempts: 2, onRetry };
  await outcome(clock, retry(flaky(clock, [one, two]).task, policy, { clock, random }));
  expect(notices).toEqual([{ attempt: 1, delayMs: 250, error: one, at: 0 }]);
});

test.each(['onRetry', 'shouldRetry'])('what `%s` throws is thrown', async (name) => {
  const bug = new Error('bug');
  const policy = {
    [name]: () => {
      throw bug;
    },
  };
  await expect(retry(() => Promise.reject(reset()), policy)).rejects.toBe(bug);
});

test('calls that share a budget retry no more than it allows', async () => {
  const clock = new FakeClock();
  const budget = createRetryBudget({ perMinute: 3, share: 0 }, clock);
  const task = vi.fn(() => Promise.reject(reset()));
  const calls = Array.from({ length: 10 }, () => retry(task, { budget }, { clock, random: () => 0 }));
  await outcome(clock, Promise.allSettled(calls));
  expect(task).toHaveBeenCalledTimes(10 + 3);
});

test('each call adds its share to the budget', async () => {
  const clock = new FakeClock();
  const budget = createRetryBudget({ perMinute: 0, share: 0.5 }, clock);
  const task = vi.fn(() => Promise.reject(reset()));
  for (let call = 0; call < 10; call++) {
    await outcome(clock, retry(task, { budget }, { clock, random }));
  }
  expect(task).toHaveBeenCalledTimes(10 + 5);
});

test('a retry never starts after the deadline nor before the hint, whatever the numbers', async () => {
  const hint = fc.option(fc.integer({ min: 0, max: 3_000 }), { nil: undefined });
  const property = fc.asyncProperty(
    fc.array(hint, { maxLength: 6 }),
    fc.integer({ min: 1, max: 9_000 }),
    fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    async (hints, timeout, random) => {
      const clock = new FakeClock();
      const errors = hints.map((retryAfterMs) => new RateLimitError('wait', { retryable: true, retryAfterMs }));
      const { task, startedAt } = flaky(clock, errors);
      const result = await outcome(clock, retry(task, 6, { timeout, clock, random: () => random }));
      expect(startedAt.every((at) => at < timeout)).toBe(true);
      for (const [index, at] of startedAt.slice(1).entries()) {
        expect(at - (startedAt[index] as number)).toBeGreaterThanOrEqual(hints[index] ?? 0);
      }
      const given = startedAt.length <= hints.length ? { error: errors[startedAt.length - 1] } : undefined;
      expect(result).toEqual(given ?? { value: `attempt ${startedAt.length}` });
      expect(clock.timerCount).toBe(0);
    },
  );
  await fc.assert(property, { numRuns: 50 });
});

test.each([
  [-1, {}, 'policy'],
  [{ attemps: 2 }, {}, 'policy.attemps'],
  [2, { timeout: 0 }, 'options.timeout'],
  [2, { timout: 5 }, 'options.timout'],
])('retries %j with %j are refused before the task starts', async (policy, options, path) => {
  const task = vi.fn();
  const refusal = await retry(task, policy as RetryOptions, options as object).catch((error) => error);
  expect(refusal).toBeInstanceOf(InvalidRequestError);
  expect(refusal.path).toBe(path);
  expect(task).not.toHaveBeenCalled();
});
