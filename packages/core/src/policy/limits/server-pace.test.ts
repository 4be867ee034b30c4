import { beforeAll, expect, test } from 'vitest';
import { OverloadedError, RateLimitError, TimeoutError } from '../../errors/errors.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { createLimiter } from './create-limiter.ts';
import type { LimitSettings } from './limit-settings.ts';
import type { LimitFeedback } from './limiter.ts';
import { loadBusyLanes } from './testing/load-busy-lanes.ts';

beforeAll(loadBusyLanes);

function limited(settings: LimitSettings = {}) {
  const clock = new FakeClock();
  return { clock, limiter: createLimiter(settings, { clock, name: 'mistral' }) };
}

/** When each of so many calls starts from now on. */
async function startTimes(
  { clock, limiter }: ReturnType<typeof limited>,
  calls: number,
  holdMs = 0,
): Promise<number[]> {
  const starts: number[] = [];
  const done = Array.from({ length: calls }, () =>
    limiter.run(() => {
      starts.push(clock.now());
      return holdMs === 0 ? undefined : new Promise<void>((resolve) => void clock.schedule(resolve, holdMs));
    }),
  );
  await clock.run();
  await Promise.all(done);
  return starts;
}

const gaps = (times: number[]) => times.slice(1).map((time, index) => time - (times[index] as number));

test('20 parallel calls that meet a 429 come back one by one, the first when the server says so', async () => {
  const lane = limited();
  const leases = await Promise.all(Array.from({ length: 20 }, () => lane.limiter.acquire()));
  for (const lease of leases) {
    lease.feedback({ outcome: 'rate_limited', retryAfterMs: 3_000 });
    lease.release();
  }
  const times = await startTimes(lane, 20);
  expect(times[0]).toBe(3_000);
  expect(Math.min(...gaps(times))).toBeGreaterThanOrEqual(25);
  expect(times.at(-1)).toBeGreaterThan(4_500);
});

test('the calls come ever closer, and then unhindered', async () => {
  const lane = limited();
  lane.limiter.feedback({ outcome: 'rate_limited', retryAfterMs: 1_000 });
  const spaces = gaps(await startTimes(lane, 60));
  expect(spaces[0]).toBe(200);
  expect(spaces.slice(0, 30).every((gap, index) => index === 0 || gap <= (spaces[index - 1] as number))).toBe(true);
  expect(spaces.at(-1)).toBe(0);
  expect(lane.clock.timerCount).toBe(0);
});

test('a 429 without a hint closes for a second, and for twice as long each time', async () => {
  const { limiter, clock } = limited();
  const closed: number[] = [];
  for (let round = 0; round < 3; round++) {
    const lease = await limiter.acquire();
    await clock.advance(1);
    lease.feedback({ outcome: 'rate_limited' });
    lease.release();
    closed.push(limiter.stats.closedMs);
    await clock.advance(10_000);
  }
  expect(closed).toEqual([1_000, 2_000, 4_000]);
});

test('429s that ask for no wait space the calls, ever further, and do not close the lane', async () => {
  const { limiter, clock } = limited();
  for (let round = 0; round < 8; round++) {
    const lease = await limiter.acquire();
    await clock.advance(1);
    lease.feedback({ outcome: 'rate_limited', retryAfterMs: 0 });
    lease.release();
    expect(limiter.stats.closedMs).toBe(1);
    await clock.advance(10_000);
  }
  const [first, second] = await startTimes({ clock, limiter }, 2);
  expect(Number(second) - Number(first)).toBe(5_000);
});

test('the 429s of calls that were in flight together count as one', async () => {
  const { limiter, clock } = limited();
  const leases = await Promise.all([limiter.acquire(), limiter.acquire(), limiter.acquire()]);
  await clock.advance(10);
  for (const lease of leases) lease.feedback({ outcome: 'rate_limited' });
  expect(limiter.stats.closedMs).toBe(1_000);
  await clock.advance(1_001);
  limiter.feedback({ outcome: 'rate_limited' });
  expect(limiter.stats.closedMs).toBe(2_000);
});

test('a bucket of which nothing is left closes the lane until its reset', async () => {
  const lane = limited();
  lane.limiter.feedback({ outcome: 'ok', rateLimit: { requests: { limit: 60, remaining: 0, resetMs: 7_000 } } });
  expect((await startTimes(lane, 1))[0]).toBe(7_000);
});

test("the server's wait is taken before the reset of a bucket", () => {
  const { limiter } = limited();
  const rateLimit = { tokens: { limit: 100, remaining: 0, resetMs: 60_000 } };
  limiter.feedback({ outcome: 'rate_limited', retryAfterMs: 500, rateLimit });
  expect(limiter.stats.closedMs).toBe(500);
});

test('no more start before the reset than the server has left, and then no more than its limit', async () => {
  const lane = limited({ requestsPerMinute: 600 });
  const rateLimit = { requests: { limit: 5, remaining: 3, resetMs: 1_000 } };
  lane.limiter.feedback({ outcome: 'ok', rateLimit });
  expect(await startTimes(lane, 10)).toEqual([0, 0, 0, 1_000, 1_000, 1_000, 1_000, 1_000, 2_000, 2_000]);
});

test('calls in flight that the server has not answered count as not yet counted', async () => {
  const { limiter } = limited();
  const leases = await Promise.all(Array.from({ length: 10 }, () => limiter.acquire()));
  leases[0]?.feedback({ outcome: 'ok', rateLimit: { requests: { limit: 12, remaining: 11, resetMs: 1_000 } } });
  await limiter.acquire();
  await limiter.acquire();
  await expect(limiter.acquire({ maxWaitMs: 10 })).rejects.toMatchObject({ retryAfterMs: 1_000 });
});

test("a call that is greater than the server's whole bucket starts when that is full", async () => {
  const { limiter, clock } = limited();
  limiter.feedback({ outcome: 'ok', rateLimit: { tokens: { limit: 100, remaining: 50, resetMs: 1_000 } } });
  const waiting = limiter.acquire({ tokens: 500 });
  await clock.run();
  expect((await waiting).waitedMs).toBe(1_000);
});

test.for<LimitFeedback>([
  { outcome: 'overloaded' },
  { outcome: 'timeout' },
  { outcome: 'ok', retryAfterMs: 1_000 },
  { retryAfterMs: Number.NaN },
  { retryAfterMs: -5 },
  {
    rateLimit: {
      requests: { limit: -1, remaining: Number.NaN, resetMs: 1_000 },
      concurrent: { remaining: 0, resetMs: 9 },
    },
  },
])('%j does not close the lane', (feedback) => {
  const { limiter } = limited();
  limiter.feedback(feedback);
  expect(limiter.stats.closedMs).toBe(0);
});

test('what cannot start before its deadline any more is refused when the lane closes', async () => {
  const { limiter, clock } = limited({ concurrency: 1 });
  const lease = await limiter.acquire();
  const short = limiter.acquire({ maxWaitMs: 5_000 });
  const long = limiter.acquire({ maxWaitMs: 50_000 });
  lease.feedback({ outcome: 'rate_limited', retryAfterMs: 10_000 });
  lease.release();
  await expect(short).rejects.toMatchObject({ retryAfterMs: 10_000, message: expect.stringContaining('the server') });
  await clock.run();
  expect((await long).waitedMs).toBe(10_000);
});

test('a task that fails with our error closes the lane; a refusal of another limiter does not', async () => {
  const { limiter, clock } = limited();
  const fail = (error: Error) => limiter.run(() => Promise.reject(error)).catch(() => {});
  await clock.advance(1);
  await fail(new RateLimitError('local', { retryAfterMs: 1_000 }));
  expect(limiter.stats.closedMs).toBe(0);
  await fail(new RateLimitError('429', { status: 429, retryAfterMs: 2_000 }));
  expect(limiter.stats.closedMs).toBe(2_000);
});

test('adaptive concurrency falls with 429, 503, 529 and timeouts, and rises again with good answers', async () => {
  const { limiter, clock } = limited({ concurrency: 100, adaptive: { decrease: 0.5 } });
  const timeout = new TimeoutError('timeout', { phase: 'headers', timeoutMs: 1 });
  const limits: number[] = [];
  for (const error of [new OverloadedError('529', { status: 529 }), timeout, new Error('bug')]) {
    await clock.advance(1);
    await limiter.run(() => Promise.reject(error)).catch(() => {});
    limits.push(limiter.stats.limit);
  }
  expect(limits).toEqual([50, 25, 25]);
  const done = Array.from({ length: 5_000 }, () => limiter.run(async () => {}));
  await Promise.all(done);
  expect(limiter.stats.limit).toBeGreaterThan(90);
});

test('under an adaptive limit that has fallen, no more run than it says', async () => {
  const { limiter, clock } = limited({ concurrency: 10, adaptive: { decrease: 0.3 } });
  const leases = await Promise.all(Array.from({ length: 10 }, () => limiter.acquire()));
  await clock.advance(1);
  for (const lease of leases) lease.feedback({ outcome: 'overloaded' });
  let most = 0;
  const count = () => {
    most = Math.max(most, limiter.stats.running);
  };
  const done = Array.from({ length: 9 }, () => limiter.run(count));
  for (const lease of leases.slice(0, 7)) lease.release();
  expect(limiter.stats).toMatchObject({ running: 3, queued: 9 });
  for (const lease of leases) lease.release();
  await Promise.all(done);
  expect(most).toBeLessThanOrEqual(3);
});
