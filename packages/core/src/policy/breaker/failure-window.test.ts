import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { FailureWindow } from './failure-window.ts';

test('calls are counted, and forgotten after the window', () => {
  const clock = new FakeClock();
  const window = new FailureWindow(1_000, clock);
  window.record(true);
  clock.skip(500);
  window.record(false);
  expect(window.totals()).toEqual({ calls: 2, failures: 1 });
  clock.skip(500);
  expect(window.totals()).toEqual({ calls: 1, failures: 0 });
  clock.skip(1_000_000);
  expect(window.totals()).toEqual({ calls: 0, failures: 0 });
});

test('a cleared window is empty and goes on', () => {
  const window = new FailureWindow(1_000, new FakeClock());
  window.record(true);
  window.clear();
  window.record(false);
  expect(window.totals()).toEqual({ calls: 1, failures: 0 });
});

test('it counts all of the last nine tenths and nothing older than the window', () => {
  const step = fc.record({ afterMs: fc.integer({ min: 0, max: 400 }), failed: fc.boolean() });
  const property = fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const clock = new FakeClock();
    const window = new FailureWindow(1_000, clock);
    const recorded: { atMs: number; failed: boolean }[] = [];
    for (const { afterMs, failed } of steps) {
      clock.skip(afterMs);
      window.record(failed);
      recorded.push({ atMs: clock.now(), failed });
      const younger = (ms: number) => recorded.filter(({ atMs }) => clock.now() - atMs < ms);
      const failures = (ms: number) => younger(ms).filter((call) => call.failed).length;
      const totals = window.totals();
      expect(totals.calls).toBeGreaterThanOrEqual(younger(900).length);
      expect(totals.calls).toBeLessThanOrEqual(younger(1_000).length);
      expect(totals.failures).toBeGreaterThanOrEqual(failures(900));
      expect(totals.failures).toBeLessThanOrEqual(failures(1_000));
    }
  });
  fc.assert(property);
});
