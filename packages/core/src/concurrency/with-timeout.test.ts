import { getEventListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { InvalidRequestError, TimeoutError } from '../errors/errors.ts';
import { withTimeout } from './with-timeout.ts';

afterEach(() => {
  vi.useRealTimers();
});

const never = new Promise<never>(() => {});

test('a value in time passes', async () => {
  expect(await withTimeout(async () => 'a', 1000)).toBe('a');
  expect(await withTimeout(() => 'b', 1000)).toBe('b');
  expect(await withTimeout(Promise.resolve('c'), 1000)).toBe('c');
});

test('a synchronous throw is a rejection', async () => {
  const failing = () => {
    throw new Error('at once');
  };
  await expect(withTimeout(failing, 1000)).rejects.toThrow('at once');
});

test('the deadline rejects and aborts the task with the same error', async () => {
  let signal: AbortSignal | undefined;
  const late = withTimeout((context) => {
    signal = context.signal;
    return never;
  }, 10);
  const error = await late.catch((reason) => reason);
  expect(error).toBeInstanceOf(TimeoutError);
  expect(error).toMatchObject({ phase: 'total', timeoutMs: 10, message: 'the task did not finish within 10 ms' });
  expect(signal?.reason).toBe(error);
});

test('a late value and a late rejection are ignored', async () => {
  const outcomes = await Promise.allSettled([
    withTimeout(() => delay(20, 'late'), 1),
    withTimeout(() => delay(20).then(() => Promise.reject(new Error('late'))), 1),
    withTimeout(Promise.reject(new Error('late')), NaN),
  ]);
  expect(outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason.code)).toEqual([
    'timeout',
    'timeout',
    'invalid_request',
  ]);
  await delay(30); // vitest reports an unhandled rejection as a failure
});

test("the caller's abort rejects with the caller's reason", async () => {
  const controller = new AbortController();
  const reason = { why: 'enough' };
  let seen: unknown;
  const running = withTimeout(
    ({ signal }) => {
      signal.addEventListener('abort', () => {
        seen = signal.reason;
      });
      return never;
    },
    1000,
    { signal: controller.signal },
  );
  controller.abort(reason);
  await expect(running).rejects.toBe(reason);
  expect(seen).toBe(reason);
});

test('an aborted signal keeps the task from starting', async () => {
  const task = vi.fn();
  await expect(withTimeout(task, 1000, { signal: AbortSignal.abort('before') })).rejects.toBe('before');
  expect(task).not.toHaveBeenCalled();
});

test('a task that aborts its caller and throws raises no unhandled rejection', async () => {
  const controller = new AbortController();
  const task = () => {
    controller.abort('stop');
    throw new Error('and throw');
  };
  await expect(withTimeout(task, 1000, { signal: controller.signal })).rejects.toThrow('and throw');
});

test('no timer and no listener is left', async () => {
  const { signal } = new AbortController();
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  const running = withTimeout(async () => 'a', 60_000, { signal });
  expect(timers()).toBeGreaterThan(before);
  await running;
  expect(timers()).toBe(before);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test.each([NaN, 0, -1, '5' as never, null as never])('a timeout of %s is refused', async (timeout) => {
  const task = vi.fn();
  const error = await withTimeout(task, timeout).catch((reason) => reason);
  expect(error).toBeInstanceOf(InvalidRequestError);
  expect(error.path).toBe('timeoutMs');
  expect(task).not.toHaveBeenCalled();
});

test.each([2 ** 31, 1e15, Infinity])('a timeout of %s does not fire at once', async (timeout) => {
  expect(await withTimeout(() => delay(10, 'in time'), timeout)).toBe('in time');
});

test('a timeout beyond 24.8 days fires at its time', async () => {
  vi.useFakeTimers();
  const settled = vi.fn();
  const timeout = 2 ** 31 + 5_000;
  withTimeout(() => never, timeout).catch(settled);
  await vi.advanceTimersByTimeAsync(timeout - 1);
  expect(settled).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(settled).toHaveBeenCalledOnce();
});
