import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RateWindow, windowMs } from './rate-window.ts';

test('a full window has room again when its oldest part leaves', () => {
  const window = new RateWindow(10);
  window.spend(4, 0);
  window.spend(6, 1_000);
  expect(window.waitMs(4, 2_000)).toBe(58_000);
  expect(window.waitMs(5, 2_000)).toBe(59_000);
  expect(window.waitMs(4, 60_000)).toBe(0);
});

test('no minute holds a burst on both sides of its edge', () => {
  const window = new RateWindow(10);
  window.spend(10, 59_999);
  expect(window.waitMs(1, 60_001)).toBe(59_998);
});

test('a refund makes room, but only while what it takes back is in the window', () => {
  const window = new RateWindow(10);
  window.spend(10, 0);
  window.refund(4, 0, 100);
  expect([window.waitMs(4, 100), window.waitMs(5, 100)]).toEqual([0, 59_900]);
  window.spend(10, 70_000);
  window.refund(6, 0, 70_000);
  expect(window.waitMs(1, 70_000)).toBe(60_000);
});

test('a debt takes up the room that becomes free until it is paid, also while nobody looks', () => {
  const window = new RateWindow(10);
  window.spend(25, 0);
  expect(window.waitMs(5, 0)).toBe(120_000);
  expect(window.waitMs(6, 0)).toBe(180_000);
  expect(window.waitMs(6, 180_000)).toBe(0);
});

test('a refund pays the debt first', () => {
  const window = new RateWindow(10);
  window.spend(25, 0);
  window.refund(20, 0, 1_000);
  expect([window.waitMs(5, 1_000), window.waitMs(6, 1_000)]).toEqual([0, 59_000]);
});

test('those before count towards the wait, minute after minute', () => {
  const window = new RateWindow(10);
  window.spend(5, 0);
  expect(window.waitMs(1, 10_000, 4)).toBe(0);
  expect(window.waitMs(1, 10_000, 5)).toBe(50_000);
  expect(window.waitMs(1, 10_000, 10)).toBe(60_000);
  expect(window.waitMs(1, 10_000, 25)).toBe(50_000 + 2 * windowMs);
});

test('a wait is never too short nor, in an uncrowded window, too long', () => {
  const event = fc.tuple(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 1, max: 12 }));
  fc.assert(
    fc.property(fc.array(event, { maxLength: 100 }), (events) => {
      const window = new RateWindow(12);
      const log: [number, number][] = [];
      const spentBefore = (ms: number) =>
        log.filter(([at]) => at > ms - windowMs).reduce((sum, [, cost]) => sum + cost, 0);
      let now = 0;
      for (const [pauseMs, cost] of events) {
        now += pauseMs;
        const waitMs = window.waitMs(cost, now);
        if (waitMs > 0) expect(spentBefore(now + waitMs - 1) + cost).toBeGreaterThan(12);
        now += waitMs;
        expect(spentBefore(now) + cost).toBeLessThanOrEqual(12);
        expect(window.waitMs(cost, now)).toBe(0);
        window.spend(cost, now);
        log.push([now, cost]);
      }
    }),
  );
});

test('a crowded window errs by an eighth of a second at most, on the safe side', () => {
  const window = new RateWindow(100_000);
  for (let ms = 0; ms < 60_000; ms++) window.spend(1, ms);
  expect(window.waitMs(40_001, 60_000)).toBeLessThanOrEqual(125);
  for (let ms = 60_000; ms < 61_000; ms++) {
    const left = 60_000 - (ms - 60_000 + 1);
    expect(window.waitMs(100_000 - left + 1, ms)).toBeGreaterThan(0);
  }
});
