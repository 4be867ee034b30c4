import { beforeAll, expect, test } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { parseClientLimits } from './client-limits.ts';
import { createLimitLanes, defaultConcurrency } from './limit-lanes.ts';
import { MemoryStore } from './memory-store.ts';
import { loadBusyLanes } from './testing/load-busy-lanes.ts';

beforeAll(loadBusyLanes);

const call = { provider: 'mistral', apiKey: 'secret-key', model: 'large' };

test('calls share a lane by provider and key, and by model where so set', () => {
  const lanes = createLimitLanes({ limits: parseClientLimits({ openai: { perModel: true } }) });
  expect(lanes.lane(call)).toBe(lanes.lane({ ...call, model: 'small' }));
  expect(lanes.lane(call)).not.toBe(lanes.lane({ ...call, apiKey: 'other' }));
  expect(lanes.lane(call)).not.toBe(lanes.lane({ ...call, provider: 'ollama', apiKey: undefined }));
  const owner = { ...call, provider: 'openai' };
  expect(lanes.lane(owner)).toBe(lanes.lane({ ...owner }));
  expect(lanes.lane(owner)).not.toBe(lanes.lane({ ...owner, model: 'small' }));
});

test('concurrency is limited by default, also where only a rate is set, and Infinity lifts it', () => {
  const lanes = createLimitLanes({
    limits: parseClientLimits({
      openai: { concurrency: Infinity },
      groq: { requestsPerMinute: 30 },
      ollama: { concurrency: undefined as never },
    }),
  });
  const limitOf = (provider: string) => lanes.lane({ ...call, provider }).stats.limit;
  for (const provider of ['mistral', 'groq', 'ollama']) expect(limitOf(provider)).toBe(defaultConcurrency);
  expect(limitOf('openai')).toBe(Infinity);
});

test('refusals name the provider and never the key', async () => {
  const lanes = createLimitLanes({
    limits: parseClientLimits({ mistral: { concurrency: 1, maxQueue: 0, perModel: true } }),
  });
  const lane = lanes.lane(call);
  const lease = await lane.acquire();
  const error = await lane.acquire().catch((reason: Error) => reason);
  expect(error).toMatchObject({ provider: 'mistral', message: expect.stringMatching(/^mistral\/large: /) });
  expect(`${JSON.stringify(error)} ${(error as Error).stack}`).not.toContain('secret');
  lease.release();
});

test('a store sees a digest of the key, the same for the same key', async () => {
  const keys: string[] = [];
  class Spy extends MemoryStore {
    override take(...args: Parameters<MemoryStore['take']>) {
      keys.push(args[0]);
      return super.take(...args);
    }
  }
  for (const apiKey of ['secret-key', 'secret-key', 'other']) {
    const lanes = createLimitLanes({ limits: parseClientLimits({ mistral: { store: new Spy() } }) });
    (await lanes.lane({ ...call, apiKey }).acquire()).release();
  }
  expect(keys[0]).toMatch(/^mistral#[0-9a-f]{16}$/);
  expect([keys[0] === keys[1], keys[0] === keys[2]]).toEqual([true, false]);
});

test('idle lanes are dropped: their number stays bounded whatever the number of keys', async () => {
  const lanes = createLimitLanes();
  for (let key = 0; key < 10_000; key++)
    lanes
      .lane({ ...call, apiKey: `key ${key}` })
      .tryAcquire()
      ?.release();
  expect(lanes.size).toBeLessThanOrEqual(128);
});

test('a lane that is in use, or that remembers a minute or a pause, is not dropped', async () => {
  const clock = new FakeClock();
  const lanes = createLimitLanes({ clock, limits: parseClientLimits({ groq: { requestsPerMinute: 1 } }) });
  const used = lanes.lane(call);
  const lease = await used.acquire();
  const paced = lanes.lane({ ...call, provider: 'groq' });
  (await paced.acquire({})).release();
  const paused = lanes.lane({ ...call, provider: 'openai' });
  paused.feedback({ outcome: 'rate_limited', retryAfterMs: 1_000 });
  const fill = (round: number) => {
    for (let key = 0; key < 300; key++) lanes.lane({ ...call, apiKey: `${round} ${key}` });
  };
  fill(1);
  expect(lanes.lane(call)).toBe(used);
  expect(lanes.lane({ ...call, provider: 'groq' })).toBe(paced);
  expect(lanes.lane({ ...call, provider: 'openai' })).toBe(paused);
  lease.release();
  await clock.advance(61_000);
  fill(2);
  expect(lanes.lane({ ...call, provider: 'groq' })).not.toBe(paced);
});

test.for([
  [{ mistral: { concurrency: 0 } }, 'limits.mistral.concurrency'],
  [{ mistral: { perModel: 1 } }, 'limits.mistral.perModel'],
  [{ mistral: { rpm: 1 } }, 'limits.mistral.rpm'],
  [null, 'limits'],
] as [never, string][])('%j is refused', ([limits, path]) => {
  expect(() => parseClientLimits(limits)).toThrow(expect.objectContaining({ code: 'invalid_request', path }));
});
