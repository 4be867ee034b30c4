import { expect, test, vi } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { Alarm } from './alarm.ts';

test('it rings once, at the earliest of its times', async () => {
  const clock = new FakeClock();
  const rings: number[] = [];
  const alarm = new Alarm(clock, () => rings.push(clock.now()));
  alarm.set(500, 0);
  alarm.set(100, 0);
  alarm.set(300, 0);
  expect(clock.timerCount).toBe(1);
  await clock.run();
  expect(rings).toEqual([100]);
});

test('a later time does not touch the timer, a fraction of a millisecond is rounded up, and none is too long', () => {
  const clock = new FakeClock();
  const schedule = vi.spyOn(clock, 'schedule');
  const alarm = new Alarm(clock, () => {});
  alarm.set(1e12, 0);
  alarm.set(10.2, 0);
  alarm.set(11, 0);
  expect(schedule.mock.calls.map(([, delayMs]) => delayMs)).toEqual([2 ** 31 - 1, 11]);
});

test('clearing leaves no timer', () => {
  const clock = new FakeClock();
  const alarm = new Alarm(clock, () => {});
  alarm.set(10, 0);
  alarm.clear();
  expect(clock.timerCount).toBe(0);
});
