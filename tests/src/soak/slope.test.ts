import { expect, test } from 'vitest';
import { slopeOf } from './slope.ts';

const line = (y: (x: number) => number) => Array.from({ length: 40 }, (_, x) => ({ x, y: y(x) }));

test('a straight line has its slope and no error', () => {
  expect(slopeOf(line((x) => 5 + 3 * x))).toEqual({ perX: 3, error: 0 });
});

test('a slope is told from noise by its error', () => {
  const noise = (x: number) => 10 * Math.sin(x * x);
  const [flat, rising] = [slopeOf(line(noise)), slopeOf(line((x) => x + noise(x)))];
  expect(flat.perX - 3 * flat.error).toBeLessThan(0);
  expect(rising.perX - 3 * rising.error).toBeGreaterThan(0);
});
