import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LatencyWindow } from './latency-window.ts';

test('without calls there is no quantile', () => {
  expect(new LatencyWindow().quantile(0.95)).toBeUndefined();
});

test('the 95th of 20 is the last but one', () => {
  const window = new LatencyWindow();
  for (let ms = 20; ms >= 1; ms--) window.add(ms);
  expect([0.05, 0.5, 0.95, 0.96, 1].map((share) => window.quantile(share))).toEqual([1, 10, 19, 20, 20]);
});

test.each([55, 56, 57, 58])('the %ith percentile of 100 is the one of that rank', (percent) => {
  const window = new LatencyWindow();
  for (let ms = 1; ms <= 100; ms++) window.add(ms);
  expect(window.quantile(percent / 100)).toBe(percent);
});

test('it agrees with sorting the last latencies, whatever they are', () => {
  const latencies = fc.array(fc.oneof(fc.integer({ min: 0, max: 9 }), fc.double({ min: 0, max: 1e6, noNaN: true })));
  const property = fc.property(latencies, fc.integer({ min: 1, max: 20 }), (latencies, size) => {
    const window = new LatencyWindow(size);
    for (const latencyMs of latencies) window.add(latencyMs);
    const sorted = latencies.slice(-size).sort((a, b) => a - b);
    expect(window.count).toBe(sorted.length);
    for (const percent of [1, 50, 90, 99, 100]) {
      expect(window.quantile(percent / 100)).toBe(sorted[Math.ceil((percent * sorted.length) / 100) - 1]);
    }
  });
  fc.assert(property);
});
