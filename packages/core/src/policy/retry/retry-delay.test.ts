import fc from 'fast-check';
import { expect, test } from 'vitest';
import { retryDelay } from './retry-delay.ts';

const bounds = { baseMs: 500, maxMs: 8_000 };

test.each([
  [1, 500],
  [2, 1_000],
  [4, 4_000],
  [5, 8_000],
  [6, 8_000],
  [5_000, 8_000],
])('after attempt %i the wait is spread over %i ms', (attempt, boundMs) => {
  expect(retryDelay({ attempt, ...bounds, random: 0 })).toBe(0);
  expect(retryDelay({ attempt, ...bounds, random: 0.5 })).toBe(boundMs / 2);
});

test('a hint is a floor, with a little on top so that not all come back at once', () => {
  expect(retryDelay({ attempt: 1, ...bounds, retryAfterMs: 2_000, random: 0 })).toBe(2_000);
  expect(retryDelay({ attempt: 1, ...bounds, retryAfterMs: 2_000, random: 0.5 })).toBe(2_100);
});

test('a hint does not shorten a wait', () => {
  expect(retryDelay({ attempt: 5, ...bounds, retryAfterMs: 10, random: 0.5 })).toBe(4_000);
});

test.each([Number.NaN, -1, 0, undefined])('a hint of %s is none', (retryAfterMs) => {
  expect(retryDelay({ attempt: 1, ...bounds, retryAfterMs, random: 0.5 })).toBe(250);
});

test('a delay stays within its bounds', () => {
  const arbitrary = fc.record({
    attempt: fc.integer({ min: 1, max: 10_000 }),
    retryAfterMs: fc.option(fc.double({ min: 0, max: 1e9, noNaN: true }), { nil: undefined }),
    baseMs: fc.double({ min: 0, max: 1e6, noNaN: true }),
    maxMs: fc.double({ min: 0, noNaN: true }),
    random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  });
  const property = fc.property(arbitrary, (given) => {
    const delayMs = retryDelay(given);
    const hintMs = given.retryAfterMs ?? 0;
    expect(delayMs).toBeGreaterThanOrEqual(hintMs);
    expect(delayMs).toBeLessThanOrEqual(Math.ceil(Math.max(given.maxMs, hintMs * 1.1)));
    expect(Math.ceil(delayMs)).toBe(delayMs);
  });
  fc.assert(property);
});
