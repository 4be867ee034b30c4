import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { createLimiter } from './create-limiter.ts';
import type { LimitSettings } from './limit-settings.ts';
import type { Limiter } from './limiter.ts';
import { MemoryStore } from './memory-store.ts';
import { loadBusyLanes } from './testing/load-busy-lanes.ts';
import { SlowStore } from './testing/slow-store.ts';

beforeAll(loadBusyLanes);

/** So many limiters, as of so many processes, on one store. */
function processes(count: number, settings: LimitSettings, latencyMs = 4) {
  const clock = new FakeClock();
  const store = new SlowStore(clock, latencyMs);
  const create = () => createLimiter({ ...settings, store }, { clock, name: 'shared' });
  return { clock, store, limiters: Array.from({ length: count }, create) };
}

function hold(clock: FakeClock, ms: number) {
  return () => new Promise<void>((resolve) => void clock.schedule(resolve, ms));
}

/** Runs so many calls on each limiter, and tells when they started and how many ran at most. */
async function runAll(clock: FakeClock, limiters: Limiter[], calls: number, holdMs: number) {
  const starts: { limiter: number; atMs: number }[] = [];
  let running = 0;
  let most = 0;
  const task = (limiter: number) => async () => {
    starts.push({ limiter, atMs: clock.now() });
    most = Math.max(most, ++running);
    await hold(clock, holdMs)();
    running--;
  };
  const done = limiters.flatMap((limiter, index) => Array.from({ length: calls }, () => limiter.run(task(index))));
  await clock.run();
  await Promise.all(done);
  return { starts, most };
}

test('two processes together run no more than the limit, and both get on', async () => {
  const { clock, limiters } = processes(2, { concurrency: 5 });
  const { starts, most } = await runAll(clock, limiters, 40, 100);
  expect(most).toBe(5);
  expect(starts).toHaveLength(80);
  const firstHalf = starts.slice(0, 40).map(({ limiter }) => limiter);
  expect(new Set(firstHalf)).toEqual(new Set([0, 1]));
});

test('two processes together start no more in any 60 seconds than the limit', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 50 }), async (limit, latencyMs) => {
      const { clock, limiters } = processes(2, { requestsPerMinute: limit }, latencyMs);
      const { starts } = await runAll(clock, limiters, 15, 10);
      expect(starts).toHaveLength(30);
      for (const { atMs } of starts) {
        // The store counts in the middle of a call's latency, the task starts at its end.
        const inMinute = starts.filter((start) => start.atMs >= atMs && start.atMs < atMs + 60_000 - latencyMs);
        expect(inMinute.length).toBeLessThanOrEqual(limit);
      }
      expect(clock.timerCount).toBe(0);
    }),
    { numRuns: 15 },
  );
});

test('limiters share through a store in memory as well, without a promise on the way', async () => {
  const clock = new FakeClock();
  const store = new MemoryStore({ clock });
  const [a, b] = [0, 1].map(() => createLimiter({ concurrency: 1, store }, { clock }));
  const order: string[] = [];
  const first = a?.run(() => {
    order.push('a');
    return hold(clock, 200)();
  });
  order.push('after a');
  const second = b?.run(() => void order.push('b'));
  await clock.advance(150);
  expect(order).toEqual(['a', 'after a']);
  await clock.run();
  await Promise.all([first, second]);
  expect(order).toEqual(['a', 'after a', 'b']);
});

test('the places of a process that died are free after half a minute; those of one that lives are not', async () => {
  const { clock, store, limiters } = processes(2, { concurrency: 2 });
  store.memory.take('shared', [{ id: 'dead', tokens: 0 }], { concurrency: 2 }, 30_000);
  const living = limiters[0]?.run(hold(clock, 100_000));
  const next = limiters[0]?.acquire();
  await clock.advance(29_000);
  expect(limiters[0]?.stats).toMatchObject({ running: 1 });
  await clock.advance(2_000);
  const lease = await next;
  await clock.advance(60_000);
  const blocked = limiters[1]?.acquire();
  await clock.advance(1_000);
  expect(limiters[1]?.stats).toMatchObject({ running: 0, queued: 1 });
  lease?.release();
  await clock.advance(200);
  (await blocked)?.release();
  await clock.run();
  await living;
  expect(store.memory.isIdle('shared')).toBe(true);
});

test('real use is settled in the store', async () => {
  const { clock, limiters } = processes(2, { tokensPerMinute: 100 });
  const first = limiters[0]?.acquire({ tokens: 100 });
  await clock.advance(10);
  (await first)?.release({ tokens: 40 });
  await clock.advance(10);
  const second = limiters[1]?.acquire({ tokens: 60 });
  await clock.advance(10);
  expect((await second)?.waitedMs).toBe(4);
});

test('a 429 in one process holds the other up too, and its calls leave one by one', async () => {
  const { clock, limiters } = processes(2, { concurrency: 50 });
  limiters[0]?.feedback({ outcome: 'rate_limited', retryAfterMs: 5_000 });
  await clock.advance(10);
  const { starts } = await runAll(clock, limiters.slice(1), 10, 1);
  const times = starts.map(({ atMs }) => atMs);
  expect(times[0]).toBeGreaterThanOrEqual(5_000);
  const gaps = times.slice(1).map((time, index) => time - (times[index] as number));
  expect(Math.min(...gaps)).toBeGreaterThan(50);
});

test('what the store grants after the server has closed the lane starts when it opens', async () => {
  const { clock, store, limiters } = processes(1, { requestsPerMinute: 2 }, 100);
  const started = limiters[0]?.acquire();
  await clock.advance(60);
  limiters[0]?.feedback({ outcome: 'rate_limited', retryAfterMs: 5_000 });
  await clock.advance(10_000);
  const lease = await started;
  expect(lease?.waitedMs).toBeGreaterThanOrEqual(5_060);
  lease?.release();
  await clock.advance(100_000);
  expect(store.memory.isIdle('shared')).toBe(true);
});

test('an abort while the store is asked rejects at once, and what was granted is given back', async () => {
  const { clock, store, limiters } = processes(1, { concurrency: 1, requestsPerMinute: 1 });
  const controller = new AbortController();
  const aborted = limiters[0]?.acquire({ signal: controller.signal });
  controller.abort('mine');
  await expect(aborted).rejects.toBe('mine');
  await clock.run();
  expect(store.memory.isIdle('shared')).toBe(true);
  const next = limiters[0]?.acquire();
  await clock.advance(10);
  expect((await next)?.waitedMs).toBe(4);
});

test('many calls share the way to the store', async () => {
  const { clock, store, limiters } = processes(1, { concurrency: 1_000 });
  const { starts } = await runAll(clock, limiters, 1_000, 1_000);
  expect(starts.at(-1)?.atMs).toBeLessThan(150);
  expect(store.takes).toBeLessThan(50);
});

test('with maxQueue 0, a call starts when the store lets it and is refused when it does not', async () => {
  const { clock, limiters } = processes(1, { requestsPerMinute: 1, maxQueue: 0 });
  const calls = [0, 1].map(() => limiters[0]?.run(() => 'ran').catch((error: { code: string }) => error.code));
  await clock.run();
  expect(await Promise.all(calls)).toEqual(['ran', 'rate_limit']);
});

test.for(['failing', 'hanging'] as const)('policy throw: with a %s store calls fail, retryable', async (state) => {
  const { clock, store, limiters } = processes(1, { concurrency: 1 });
  store.state = state;
  const call = limiters[0]?.acquire().catch((error: unknown) => error);
  await clock.advance(2_000);
  const error = await call;
  expect(error).toMatchObject({ code: 'connection', retryable: true, cause: expect.any(Error) });
  expect(JSON.stringify(error)).not.toContain('password');
  await clock.advance(20_000);
  store.state = 'up';
  expect(store.memory.isIdle('shared')).toBe(true);
  const next = limiters[0]?.acquire();
  await clock.advance(10);
  (await next)?.release();
  expect(limiters[0]?.stats).toMatchObject({ storeErrors: 1, running: 0 });
});

test.for(['failing', 'hanging'] as const)(
  'policy allow-locally: with a %s store the limit holds here',
  async (state) => {
    const { clock, store, limiters } = processes(1, { concurrency: 2, onStoreError: 'allow-locally' });
    store.state = state;
    const { starts, most } = await runAll(clock, limiters, 10, 100);
    expect(starts).toHaveLength(10);
    expect(most).toBe(2);
    store.state = 'up';
    await clock.advance(20_000);
    await runAll(clock, limiters, 4, 100);
    await clock.run();
    expect(store.memory.isIdle('shared')).toBe(true);
    expect(limiters[0]?.stats).toMatchObject({ running: 0, queued: 0 });
  },
);
