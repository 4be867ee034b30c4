import { expect, test } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { RecentLatency } from './recent-latency.ts';

function setup(...latencies: number[]) {
  const clock = new FakeClock();
  const latency = new RecentLatency(clock, 1_000);
  for (const latencyMs of latencies) latency.add(latencyMs);
  return { clock, latency };
}

test('before the first latency there is no estimate', () => {
  expect(setup().latency.estimateMs).toBeUndefined();
});

test('one outlier does not make the mean', () => {
  expect(setup(100, 1_100).latency.estimateMs).toBeCloseTo(400);
});

test('it fades while nothing is added', () => {
  const { latency, clock } = setup(100);
  clock.skip(1_000);
  expect(latency.estimateMs).toBeCloseTo(100 / Math.E);
});

test('after a long silence the old mean hardly counts', () => {
  const { latency, clock } = setup(10_000);
  clock.skip(10_000);
  latency.add(100);
  expect(latency.estimateMs).toBeCloseTo(100, -1);
});
