import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { createRetryBudget } from './retry-budget.ts';

function granted(budget: ReturnType<typeof createRetryBudget>, asked: number): number {
  return Array.from({ length: asked }, () => budget.tryRetry()).filter(Boolean).length;
}

test('a client that has made no calls has its floor, and again a minute later', async () => {
  const clock = new FakeClock();
  const budget = createRetryBudget({}, clock);
  expect(granted(budget, 50)).toBe(10);
  clock.skip(6_000);
  expect(granted(budget, 50)).toBe(1);
  clock.skip(60_000);
  expect(granted(budget, 50)).toBe(10);
});

test('five calls pay for one retry', () => {
  const budget = createRetryBudget({ perMinute: 0 }, new FakeClock());
  for (let call = 0; call < 4; call++) budget.recordCall();
  expect(granted(budget, 5)).toBe(0);
  budget.recordCall();
  expect(granted(budget, 5)).toBe(1);
});

test('a long good time does not pay for a storm', () => {
  const budget = createRetryBudget({}, new FakeClock());
  for (let call = 0; call < 1_000_000; call++) budget.recordCall();
  expect(granted(budget, 1_000)).toBe(20);
});

test('an outage in which each call would retry twice is not multiplied', () => {
  const clock = new FakeClock();
  const budget = createRetryBudget({}, clock);
  let retries = 0;
  for (let call = 0; call < 1_000; call++) {
    clock.skip(60);
    budget.recordCall();
    retries += granted(budget, 2);
  }
  expect(retries).toBeLessThanOrEqual(1_000 * 0.2 + 10 + 10);
});

test('whatever happens, retries stay within share, floor and start', () => {
  const step = fc.oneof(fc.constant('call'), fc.constant('retry'), fc.integer({ min: 1, max: 10_000 }));
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const property = fc.property(fc.array(step), share, fc.integer({ min: 0, max: 20 }), (steps, share, perMinute) => {
    const clock = new FakeClock();
    const budget = createRetryBudget({ share, perMinute }, clock);
    let [calls, retries] = [0, 0];
    for (const next of steps) {
      if (typeof next === 'number') clock.skip(next);
      else if (next === 'retry') retries += Number(budget.tryRetry());
      else {
        budget.recordCall();
        calls++;
      }
      const allowed = perMinute + share * calls + (perMinute * clock.now()) / 60_000;
      expect(retries).toBeLessThanOrEqual(allowed + 1e-6);
    }
  });
  fc.assert(property);
});

test.each([
  [{ share: -0.1 }, 'budget.share'],
  [{ share: 2 }, 'budget.share'],
  [{ share: Number.NaN }, 'budget.share'],
  [{ perMinute: Infinity }, 'budget.perMinute'],
  [{ perMinute: '10' as unknown as number }, 'budget.perMinute'],
  [{ perMinut: 10 } as object, 'budget.perMinut'],
])('%j is refused', (options, path) => {
  expect(() => createRetryBudget(options)).toThrow(expect.objectContaining({ code: 'invalid_request', path }));
});
