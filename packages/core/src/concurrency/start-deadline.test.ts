import { expect, test, vi } from 'vitest';
import { startDeadline } from './start-deadline.ts';

/** A clock whose timers fire when the test says so, whatever the time is. */
function handClock() {
  const timers: { callback: () => void; delayMs: number }[] = [];
  const clock = {
    timeMs: 0,
    timers,
    now: () => clock.timeMs,
    schedule(callback: () => void, delayMs: number) {
      const timer = { callback, delayMs };
      timers.push(timer);
      return () => void (timers[0] === timer && timers.pop());
    },
    fireAt(timeMs: number) {
      clock.timeMs = timeMs;
      timers.pop()?.callback();
    },
  };
  return clock;
}

test('a timer that fires early is re-armed for the rest', () => {
  const clock = handClock();
  const onExpire = vi.fn();
  startDeadline(20, onExpire, clock);
  clock.fireAt(19.6);
  expect(onExpire).not.toHaveBeenCalled();
  expect(clock.timers).toMatchObject([{ delayMs: 1 }]);
  clock.fireAt(20.6);
  expect(onExpire).toHaveBeenCalledOnce();
});

test('a wait longer than a timer can be takes several', () => {
  const clock = handClock();
  const onExpire = vi.fn();
  startDeadline(2 ** 31, onExpire, clock);
  expect(clock.timers).toMatchObject([{ delayMs: 2 ** 31 - 1 }]);
  clock.fireAt(2 ** 31 - 1);
  expect(onExpire).not.toHaveBeenCalled();
  clock.fireAt(2 ** 31);
  expect(onExpire).toHaveBeenCalledOnce();
});

test('cancelling drops the timer, also one that was re-armed', () => {
  const clock = handClock();
  const cancel = startDeadline(20, () => {}, clock);
  clock.fireAt(19);
  cancel();
  expect(clock.timers).toEqual([]);
});

test('Infinity sets no timer', () => {
  const clock = handClock();
  startDeadline(Infinity, () => {}, clock)();
  expect(clock.timers).toEqual([]);
});
