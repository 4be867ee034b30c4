import { beforeEach, expect, test, vi } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import type { LimitSettings } from './limit-settings.ts';
import type { Limiter } from './limiter.ts';

// Each test meets a lane that has yet to load what holds calls back.
beforeEach(() => void vi.resetModules());

async function freshLimiter(settings: LimitSettings): Promise<Limiter & { clock: FakeClock }> {
  const { createLimiter } = await import('./create-limiter.ts');
  const clock = new FakeClock();
  return Object.assign(createLimiter(settings, { clock }), { clock });
}

test('the first calls that have to wait start in their order, and never more than the limit run', async () => {
  const limiter = await freshLimiter({ concurrency: 2 });
  const started: number[] = [];
  let running = 0;
  let most = 0;
  const calls = Array.from({ length: 10 }, (_, number) =>
    limiter.run(async () => {
      started.push(number);
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
    }),
  );
  expect(limiter.stats).toMatchObject({ running: 2, queued: 8 });
  await Promise.all(calls);
  expect(started).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(most).toBe(2);
  expect(limiter.stats).toMatchObject({ running: 0, queued: 0 });
});

test('the first 429 holds up who comes right after it', async () => {
  const limiter = await freshLimiter({ concurrency: 5 });
  limiter.feedback({ outcome: 'rate_limited', retryAfterMs: 3_000 });
  const lease = limiter.acquire({ maxWaitMs: 1_000 });
  await expect(lease).rejects.toMatchObject({ code: 'rate_limit', retryAfterMs: 3_000 });
});

test('what the server has left counts from the answer in which it becomes scarce', async () => {
  const limiter = await freshLimiter({ concurrency: 100 });
  const first = await limiter.acquire();
  first.feedback({ outcome: 'ok', rateLimit: { requests: { limit: 1_000, remaining: 1, resetMs: 60_000 } } });
  first.release();
  await limiter.acquire();
  await expect(limiter.acquire({ maxWaitMs: 1_000 })).rejects.toMatchObject({ code: 'rate_limit' });
});

test('a call that is aborted while it waits for the code rejects with the reason', async () => {
  const limiter = await freshLimiter({ concurrency: 1 });
  await limiter.acquire();
  const controller = new AbortController();
  const second = limiter.acquire({ signal: controller.signal });
  controller.abort('enough');
  await expect(second).rejects.toBe('enough');
  expect(limiter.stats).toMatchObject({ running: 1, queued: 0 });
});

test('places that are given back while it is loaded are free afterwards', async () => {
  const limiter = await freshLimiter({ concurrency: 1 });
  const first = await limiter.acquire();
  const second = limiter.acquire();
  first.release();
  await expect(second).resolves.toBeDefined();
});
