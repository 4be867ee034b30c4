import { expect, test, vi } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { listenerCount } from '../testing/listener-count.ts';
import { type HedgeRunOptions, hedge } from './hedge.ts';

/** A task whose copies the test settles by hand. */
function manual() {
  const copies: (PromiseWithResolvers<string> & { signal: AbortSignal })[] = [];
  const task = vi.fn(({ signal }: { signal: AbortSignal; copy: 1 | 2 }) => {
    const copy = { ...withResolvers<string>(), signal };
    copies.push(copy);
    return copy.promise;
  });
  return { task, copies };
}

type PromiseWithResolvers<T> = ReturnType<typeof withResolvers<T>>;

function withResolvers<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (reason: unknown) => void = () => {};
  const promise = new Promise<T>((...settle) => {
    [resolve, reject] = settle;
  });
  return { promise, resolve, reject };
}

function setup(options: HedgeRunOptions<string> = {}) {
  const clock = new FakeClock();
  const { task, copies } = manual();
  const controller = new AbortController();
  const promise = hedge(task, 100, { signal: controller.signal, clock, ...options });
  promise.catch(() => {});
  const left = () => ({ timers: clock.timerCount, listeners: listenerCount(controller.signal) });
  return { clock, task, copies, controller, promise, left };
}

const nothing = { timers: 0, listeners: 0 };

test('a copy that is in time stays the only one', async () => {
  const { clock, task, copies, promise, left } = setup();
  await clock.advance(99);
  copies[0]?.resolve('first');
  expect(await promise).toBe('first');
  await clock.advance(1_000);
  expect(task).toHaveBeenCalledOnce();
  expect(copies[0]?.signal.aborted).toBe(false);
  expect(left()).toEqual(nothing);
});

test('a late one gets a second, the first to succeed wins, and the loser is aborted at once', async () => {
  const { clock, task, copies, promise, left } = setup();
  await clock.advance(100);
  expect(task.mock.calls.map(([{ copy }]) => copy)).toEqual([1, 2]);
  copies[1]?.resolve('second');
  expect(await promise).toBe('second');
  expect(copies.map(({ signal }) => signal.aborted)).toEqual([true, false]);
  expect(left()).toEqual(nothing);
});

test('the first one can still win', async () => {
  const { clock, copies, promise } = setup();
  await clock.advance(100);
  copies[0]?.resolve('first');
  expect(await promise).toBe('first');
  expect(copies.map(({ signal }) => signal.aborted)).toEqual([false, true]);
});

test('a failure before the hedge is a failure', async () => {
  const { clock, task, copies, promise, left } = setup();
  copies[0]?.reject('first');
  await expect(promise).rejects.toBe('first');
  await clock.advance(1_000);
  expect(task).toHaveBeenCalledOnce();
  expect(left()).toEqual(nothing);
});

test('a synchronous throw is a failure, and no timer is set', async () => {
  const clock = new FakeClock();
  const bug = new Error('bug');
  const promise = hedge(
    () => {
      throw bug;
    },
    100,
    { clock },
  );
  await expect(promise).rejects.toBe(bug);
  expect(clock.timerCount).toBe(0);
});

test.each([0, 1])('when copy %i fails after the hedge the other one is waited for', async (failing) => {
  const { clock, copies, promise } = setup();
  await clock.advance(100);
  copies[failing]?.reject('failed');
  await clock.advance(10);
  copies[1 - failing]?.resolve('well');
  expect(await promise).toBe('well');
});

test.each([0, 1])('when both fail the error of the first is thrown, though copy %i failed before', async (failing) => {
  const { clock, copies, promise, left } = setup();
  await clock.advance(100);
  copies[failing]?.reject(`copy ${failing}`);
  await clock.advance(10);
  copies[1 - failing]?.reject(`copy ${1 - failing}`);
  await expect(promise).rejects.toBe('copy 0');
  expect(left()).toEqual(nothing);
});

test.each([50, 150])('an abort after %i ms rejects with its reason at once and aborts every copy', async (afterMs) => {
  const { clock, copies, controller, promise, left } = setup();
  await clock.advance(afterMs);
  controller.abort('enough');
  await expect(promise).rejects.toBe('enough');
  expect(copies.map(({ signal }) => signal.reason)).toEqual(copies.map(() => 'enough'));
  expect(left()).toEqual(nothing);
  await clock.advance(1_000);
  expect(copies).toHaveLength(afterMs < 100 ? 1 : 2);
});

test('nothing starts under an aborted signal', async () => {
  const { promise, task } = setup({ signal: AbortSignal.abort('before') });
  await expect(promise).rejects.toBe('before');
  expect(task).not.toHaveBeenCalled();
});

test('no second copy is sent when it may not be', async () => {
  const { clock, task, copies, promise } = setup({ mayHedge: () => false });
  await clock.advance(1_000);
  copies[0]?.resolve('first');
  expect(await promise).toBe('first');
  expect(task).toHaveBeenCalledOnce();
});

test('what `mayHedge` throws is thrown, and the first copy is aborted', async () => {
  const bug = new Error('bug');
  const mayHedge = () => {
    throw bug;
  };
  const { clock, copies, promise, left } = setup({ mayHedge });
  await clock.advance(100);
  await expect(promise).rejects.toBe(bug);
  expect(copies[0]?.signal.aborted).toBe(true);
  expect(left()).toEqual(nothing);
});

test('a value that comes too late is handed over for disposal, a winner is not', async () => {
  const discard = vi.fn();
  const { clock, copies, promise } = setup({ discard });
  await clock.advance(100);
  copies[1]?.resolve('winner');
  await promise;
  copies[0]?.resolve('late');
  await clock.advance(0);
  expect(discard.mock.calls).toEqual([['late']]);
});

test('a value that comes after an abort is handed over for disposal', async () => {
  const discard = vi.fn();
  const { clock, copies, controller } = setup({ discard });
  controller.abort();
  copies[0]?.resolve('late');
  await clock.advance(0);
  expect(discard.mock.calls).toEqual([['late']]);
});

test('two successes at the same moment make one winner and one to dispose of', async () => {
  const discard = vi.fn();
  const { clock, copies, promise } = setup({ discard });
  await clock.advance(100);
  for (const [index, copy] of copies.entries()) copy.resolve(`copy ${index}`);
  expect(await promise).toBe('copy 0');
  await clock.advance(0);
  expect(discard.mock.calls).toEqual([['copy 1']]);
});

test('a delay of nothing starts both, the first one first; one of Infinity only the first', async () => {
  const both = manual();
  hedge(both.task, 0);
  expect(both.task.mock.calls.map(([{ copy }]) => copy)).toEqual([1, 2]);
  const one = manual();
  hedge(one.task, Infinity);
  expect(one.copies).toHaveLength(1);
});

test('a delay that is none is refused', async () => {
  const { task } = manual();
  await expect(hedge(task, -1)).rejects.toMatchObject({ code: 'invalid_request', path: 'afterMs' });
  expect(task).not.toHaveBeenCalled();
});
