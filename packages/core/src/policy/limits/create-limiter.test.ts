import fc from 'fast-check';
import { beforeAll, expect, test, vi } from 'vitest';
import { RateLimitError } from '../../errors/errors.ts';
import { FakeClock, settle } from '../testing/fake-clock.ts';
import { createLimiter } from './create-limiter.ts';
import type { LimitSettings } from './limit-settings.ts';
import type { AcquireOptions, Lease, Limiter } from './limiter.ts';
import { loadBusyLanes } from './testing/load-busy-lanes.ts';

beforeAll(loadBusyLanes);

function limited(settings: LimitSettings) {
  const clock = new FakeClock();
  return { clock, limiter: createLimiter(settings, { clock, name: 'test' }) };
}

/** A task that takes this long on the fake clock. */
function sleep(clock: FakeClock, ms: number) {
  return new Promise<void>((resolve) => void clock.schedule(resolve, ms));
}

/** Starts a call for each, and tells in which order and when they start. */
function startAll(limiter: Limiter, clock: FakeClock, calls: AcquireOptions[], durationMs = 0) {
  const starts: { call: number; atMs: number; tokens: number }[] = [];
  const done = calls.map((options, call) =>
    limiter.run(() => {
      starts.push({ call, atMs: clock.now(), tokens: options.tokens ?? 0 });
      return durationMs === 0 ? undefined : sleep(clock, durationMs);
    }, options),
  );
  return { starts, done };
}

/** The most that any span of 60 seconds holds. */
function busiestMinute(starts: { atMs: number; weight: number }[]): number {
  let busiest = 0;
  let sum = 0;
  let first = 0;
  for (const { atMs, weight } of starts) {
    sum += weight;
    for (; (starts[first]?.atMs as number) <= atMs - 60_000; first++) sum -= starts[first]?.weight as number;
    busiest = Math.max(busiest, sum);
  }
  return busiest;
}

test('of 10 times as many starts as places, exactly as many as there are places run', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 50 }), fc.boolean(), async (limit, fails) => {
      const { limiter } = limited({ concurrency: limit });
      let running = 0;
      let most = 0;
      const task = async () => {
        most = Math.max(most, ++running);
        await settle();
        running--;
        if (fails) throw new Error('task');
      };
      const done = Array.from({ length: 10 * limit }, () => limiter.run(task));
      expect(limiter.stats).toMatchObject({ running: limit, queued: 9 * limit, limit });
      await Promise.allSettled(done);
      expect(most).toBe(limit);
      expect(limiter.stats).toMatchObject({ running: 0, queued: 0 });
    }),
    { numRuns: 20 },
  );
});

test('a free place starts the task before run returns', () => {
  const { limiter } = limited({ concurrency: 1 });
  const task = vi.fn();
  limiter.run(task);
  expect(task).toHaveBeenCalledOnce();
});

test('run gives the value of the task, or its error', async () => {
  const { limiter } = limited({ concurrency: 1 });
  const error = new Error('task');
  await expect(limiter.run(() => 1)).resolves.toBe(1);
  await expect(limiter.run(async () => 2)).resolves.toBe(2);
  await expect(limiter.run(() => Promise.reject(error))).rejects.toBe(error);
  const thrower = () => {
    throw error;
  };
  await expect(limiter.run(thrower)).rejects.toBe(error);
  expect(limiter.stats.running).toBe(0);
});

test('10,000 tasks that end at once do not grow the stack', async () => {
  const { limiter } = limited({ concurrency: 1 });
  const blocker = await limiter.acquire();
  const done = Array.from({ length: 10_000 }, (_, index) => limiter.run(() => index));
  blocker.release();
  expect(await Promise.all(done)).toHaveLength(10_000);
});

test('calls of one priority start in the order in which they came', async () => {
  const { limiter, clock } = limited({ concurrency: 1 });
  const { starts, done } = startAll(limiter, clock, Array(20).fill({}), 10);
  await clock.run();
  await Promise.all(done);
  expect(starts.map(({ call }) => call)).toEqual([...Array(20).keys()]);
});

test('a higher priority starts first, but of eight places one goes to whoever waits longest', async () => {
  const { limiter, clock } = limited({ concurrency: 1 });
  const blocker = await limiter.acquire();
  const low = Array<AcquireOptions>(4).fill({ priority: 0 });
  const high = Array<AcquireOptions>(28).fill({ priority: 1 });
  const { starts, done } = startAll(limiter, clock, [...low, ...high]);
  blocker.release();
  await Promise.all(done);
  const places = starts.flatMap(({ call }, place) => (call < 4 ? [place] : []));
  expect(places).toEqual([7, 15, 23, 31]);
});

test('a lease that is released twice frees one place', async () => {
  const { limiter } = limited({ concurrency: 1 });
  const lease = await limiter.acquire();
  lease.release();
  const second = await limiter.acquire();
  lease.release();
  expect(limiter.stats.running).toBe(1);
  second.release();
  expect(limiter.stats.running).toBe(0);
});

test('a lease tells how long it waited', async () => {
  const { limiter, clock } = limited({ concurrency: 1 });
  const first = await limiter.acquire();
  const waiting = limiter.acquire();
  await clock.advance(120);
  first.release();
  expect([first.waitedMs, (await waiting).waitedMs]).toEqual([0, 120]);
});

test('an aborted wait rejects with the reason at once, holds no place and leaves no listener or timer', async () => {
  const { limiter, clock } = limited({ concurrency: 1, requestsPerMinute: 1 });
  (await limiter.acquire()).release();
  const controller = new AbortController();
  const removed = vi.spyOn(controller.signal, 'removeEventListener');
  const aborted = limiter.acquire({ signal: controller.signal });
  expect(clock.timerCount).toBe(1);
  controller.abort('mine');
  await expect(aborted).rejects.toBe('mine');
  expect(removed).toHaveBeenCalledOnce();
  expect(clock.timerCount).toBe(0);
  expect(limiter.stats).toMatchObject({ running: 0, queued: 0 });
});

test('a signal that is aborted already rejects before the task is called', async () => {
  const { limiter } = limited({ concurrency: 1 });
  const task = vi.fn();
  await expect(limiter.run(task, { signal: AbortSignal.abort('mine') })).rejects.toBe('mine');
  expect(task).not.toHaveBeenCalled();
});

test('a start takes its listener off the signal', async () => {
  const { limiter } = limited({ concurrency: 1 });
  const { signal } = new AbortController();
  const added = vi.spyOn(signal, 'addEventListener');
  const removed = vi.spyOn(signal, 'removeEventListener');
  const first = await limiter.acquire({ signal });
  const second = limiter.acquire({ signal });
  first.release();
  (await second).release();
  expect(added).toHaveBeenCalledOnce();
  expect(removed).toHaveBeenCalled();
});

test('a call that is one too many in the queue is refused at once', async () => {
  const { limiter } = limited({ concurrency: 1, maxQueue: 1 });
  const lease = await limiter.acquire();
  const queued = limiter.acquire();
  const refused = await limiter.acquire().catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(RateLimitError);
  expect(refused).toMatchObject({ retryable: false, message: expect.stringContaining('limits.maxQueue') });
  expect(refused).not.toHaveProperty('status');
  lease.release();
  (await queued).release();
});

test('a call whose estimated wait is longer than it may be is refused at once, with the estimate', async () => {
  const { limiter, clock } = limited({ requestsPerMinute: 2 });
  await limiter.run(() => {});
  await clock.advance(1_000);
  await limiter.run(() => {});
  await expect(limiter.acquire({ maxWaitMs: 58_999 })).rejects.toMatchObject({
    code: 'rate_limit',
    retryAfterMs: 59_000,
    message: expect.stringContaining('limits.requestsPerMinute (2)'),
  });
  const fits = limiter.acquire({ maxWaitMs: 59_000 });
  await clock.run();
  expect((await fits).waitedMs).toBe(59_000);
});

test('the estimate counts those who wait already', async () => {
  const { limiter, clock } = limited({ requestsPerMinute: 2 });
  const { done } = startAll(limiter, clock, Array(6).fill({}));
  await expect(limiter.acquire({ maxWaitMs: 100_000 })).rejects.toMatchObject({ retryAfterMs: 180_000 });
  await clock.run();
  await Promise.all(done);
});

test('for places, the estimate is how long calls have held them', async () => {
  const { limiter, clock } = limited({ concurrency: 2 });
  const { done } = startAll(limiter, clock, Array(8).fill({}), 1_000);
  await clock.advance(1_000); // 4 wait behind 2
  await expect(limiter.acquire({ maxWaitMs: 2_000 })).rejects.toMatchObject({ retryAfterMs: 2_500 });
  const accepted = limiter.acquire({ maxWaitMs: 3_100 });
  await clock.run();
  await Promise.all([accepted, ...done]);
});

test('a wait that turns out longer than it may be ends then', async () => {
  const { limiter, clock } = limited({ concurrency: 1 });
  const lease = await limiter.acquire();
  const waits = [30, 35, 1_000].map((maxWaitMs) => limiter.acquire({ maxWaitMs }).catch(() => clock.now()));
  await clock.advance(2_000);
  const endings = (await Promise.all(waits)) as number[];
  for (const [index, dueMs] of [30, 35, 1_000].entries()) {
    expect(endings[index]).toBeGreaterThanOrEqual(dueMs);
    expect(endings[index]).toBeLessThanOrEqual(dueMs + 10);
  }
  expect(clock.timerCount).toBe(0);
  lease.release();
  await limiter.run(() => {});
});

test('no span of 60 seconds holds more requests or tokens than its limit, and every call starts', async () => {
  const settings = fc.record({
    concurrency: fc.integer({ min: 1, max: 20 }),
    requestsPerMinute: fc.integer({ min: 1, max: 30 }),
    tokensPerMinute: fc.integer({ min: 20, max: 500 }),
  });
  const call = fc.record({ tokens: fc.integer({ min: 0, max: 20 }), priority: fc.integer({ min: 0, max: 2 }) });
  await fc.assert(
    fc.asyncProperty(
      settings,
      fc.array(call, { maxLength: 60 }),
      fc.integer({ max: 90_000 }),
      async (limits, calls, ms) => {
        const { limiter, clock } = limited(limits);
        const { starts, done } = startAll(limiter, clock, calls, Math.max(0, ms));
        await clock.run();
        await Promise.all(done);
        expect(starts).toHaveLength(calls.length);
        expect(busiestMinute(starts.map(({ atMs }) => ({ atMs, weight: 1 })))).toBeLessThanOrEqual(
          limits.requestsPerMinute,
        );
        expect(busiestMinute(starts.map(({ atMs, tokens }) => ({ atMs, weight: tokens })))).toBeLessThanOrEqual(
          limits.tokensPerMinute,
        );
        expect(clock.timerCount).toBe(0);
      },
    ),
    { numRuns: 40 },
  );
});

test('10,000 starts at once stay within all three limits, all start, and as fast as the limits allow', async () => {
  const limits = { concurrency: 100, requestsPerMinute: 3_000, tokensPerMinute: 250_000 };
  const { limiter, clock } = limited(limits);
  const calls = Array.from({ length: 10_000 }, (_, index) => ({ tokens: 50 + (index % 100), priority: index % 3 }));
  let most = 0;
  const starts: { atMs: number; tokens: number }[] = [];
  const done = calls.map((options) =>
    limiter.run(() => {
      starts.push({ atMs: clock.now(), tokens: options.tokens });
      most = Math.max(most, limiter.stats.running);
      return sleep(clock, 1_000);
    }, options),
  );
  await clock.run();
  await Promise.all(done);
  const requests = busiestMinute(starts.map(({ atMs }) => ({ atMs, weight: 1 })));
  const tokens = busiestMinute(starts.map(({ atMs, tokens: weight }) => ({ atMs, weight })));
  expect(most).toBe(100);
  expect(requests).toBeLessThanOrEqual(3_000);
  expect(tokens).toBeLessThanOrEqual(250_000);
  expect(starts).toHaveLength(10_000);
  // 995,000 tokens at 250,000 a minute: the last of four minutes' worth begins after three.
  expect(starts.at(-1)?.atMs).toBeLessThan(4 * 60_000);
});

test('burst spreads the requests of a minute evenly', async () => {
  const { limiter, clock } = limited({ requestsPerMinute: 60, burst: 2 });
  const { starts } = startAll(limiter, clock, Array(5).fill({}));
  await clock.run();
  expect(starts.map(({ atMs }) => atMs)).toEqual([0, 0, 1_000, 2_000, 3_000]);
});

test('a call of more tokens than a minute has starts alone and uses up the minutes that it needs', async () => {
  const { limiter, clock } = limited({ tokensPerMinute: 100 });
  const { starts } = startAll(limiter, clock, [{ tokens: 10 }, { tokens: 250 }, { tokens: 60 }]);
  await clock.run();
  expect(starts.map(({ call, atMs }) => [call, atMs])).toEqual([
    [0, 0],
    [1, 60_000],
    [2, 240_000],
  ]);
});

test('an estimate that was too high comes back at the end of the call', async () => {
  const { limiter, clock } = limited({ tokensPerMinute: 100 });
  const lease = await limiter.acquire({ tokens: 100 });
  const { starts } = startAll(limiter, clock, [{ tokens: 70 }, { tokens: 70 }]);
  await clock.advance(5_000);
  lease.release({ tokens: 30 });
  await clock.run();
  expect(starts.map(({ atMs }) => atMs)).toEqual([5_000, 65_000]);
});

test('real use above the estimate delays those that follow', async () => {
  const { limiter, clock } = limited({ tokensPerMinute: 100 });
  await limiter.run(() => {}, { tokens: 10 });
  const lease = await limiter.acquire({ tokens: 10 });
  await clock.advance(1_000);
  lease.release({ tokens: 200 });
  const { starts } = startAll(limiter, clock, [{ tokens: 100 }]);
  await clock.run();
  // 20 at 0, 80 at 1 s, then what is owed takes up the 20 that come free at 60 s, the 80 at 61 s and 10 of those at 120 s, until 180 s.
  expect(starts[0]?.atMs).toBe(180_000);
});

test('a task settles its own tokens; a figure that is no count leaves the estimate', async () => {
  const { limiter, clock } = limited({ tokensPerMinute: 100 });
  await limiter.run((context) => context.settle({ tokens: 20 }), { tokens: 100 });
  await limiter.run((context) => context.settle({ tokens: Number.POSITIVE_INFINITY }), { tokens: 80 });
  await expect(limiter.acquire({ tokens: 1, maxWaitMs: 1 })).rejects.toMatchObject({ retryAfterMs: 60_000 });
  expect(clock.timerCount).toBe(0);
});

test.for<[AcquireOptions, string]>([
  [{ priority: Number.NaN }, 'options.priority'],
  [{ tokens: -1 }, 'options.tokens'],
  [{ tokens: Symbol('x') as never }, 'options.tokens'],
  [{ maxWaitMs: Number.NaN }, 'options.maxWaitMs'],
  [{ signal: 'x' as never }, 'options.signal'],
  [{ wait: 5 } as never, 'options.wait'],
  [null as never, 'options'],
])('a call with %o is refused, and takes no place', async ([options, path]) => {
  const { limiter } = limited({});
  const refused = { code: 'invalid_request', path };
  await expect(limiter.acquire(options)).rejects.toMatchObject(refused);
  await expect(limiter.run(() => {}, options)).rejects.toMatchObject(refused);
  expect(limiter.stats).toMatchObject({ running: 0, queued: 0 });
});

test('random calls, aborts and releases leave nothing behind', async () => {
  const step = fc.constantFrom('acquire', 'abort', 'release', 'advance');
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
      const { limiter, clock } = limited({ concurrency: 3, requestsPerMinute: 10 });
      const leases: Lease[] = [];
      const controllers: AbortController[] = [];
      for (const [index, action] of steps.entries()) {
        if (action === 'acquire') {
          const controller = new AbortController();
          controllers.push(controller);
          const options = { signal: controller.signal, priority: index % 2 };
          limiter.acquire(options).then(
            (lease) => leases.push(lease),
            () => {},
          );
        } else if (action === 'abort') controllers.pop()?.abort();
        else if (action === 'release') leases.pop()?.release();
        else await clock.advance(7_000);
        expect(limiter.stats.running).toBeLessThanOrEqual(3);
      }
      for (const controller of controllers) controller.abort();
      await settle();
      for (const lease of leases) lease.release();
      expect(limiter.stats).toMatchObject({ running: 0, queued: 0 });
      expect(clock.timerCount).toBe(0);
    }),
    { numRuns: 50 },
  );
});
