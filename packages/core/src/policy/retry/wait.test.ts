import { expect, test } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { listenerCount } from '../testing/listener-count.ts';
import { wait } from './wait.ts';

function watched(promise: Promise<void>) {
  const watch = { state: 'waiting' as unknown };
  promise.then(
    () => {
      watch.state = 'over';
    },
    (reason) => {
      watch.state = reason;
    },
  );
  return watch;
}

test('a wait ends at its time, not before, and leaves nothing behind', async () => {
  const clock = new FakeClock();
  const { signal } = new AbortController();
  const watch = watched(wait(100, { signal, clock }));
  await clock.advance(99);
  expect(watch.state).toBe('waiting');
  await clock.advance(1);
  expect(watch.state).toBe('over');
  expect([clock.timerCount, listenerCount(signal)]).toEqual([0, 0]);
});

test('an abort ends a wait at once with its reason and leaves nothing behind', async () => {
  const clock = new FakeClock();
  const controller = new AbortController();
  const watch = watched(wait(100, { signal: controller.signal, clock }));
  controller.abort('enough');
  await clock.advance(0);
  expect(watch.state).toBe('enough');
  expect([clock.timerCount, listenerCount(controller.signal)]).toEqual([0, 0]);
});

test('no wait begins under an aborted signal', async () => {
  const clock = new FakeClock();
  await expect(wait(100, { signal: AbortSignal.abort('before'), clock })).rejects.toBe('before');
  expect(clock.timerCount).toBe(0);
});

test('a wait of nothing is over, and one without a clock uses the system one', async () => {
  await wait(0);
  await wait(1);
});
