import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { wait } from '../retry/wait.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { createHedger, type HedgeOptions, type Hedger } from './hedger.ts';

function setup(options: HedgeOptions) {
  const clock = new FakeClock();
  return { clock, hedger: createHedger(options, { clock }) };
}

/** Runs calls that take so long, one after the other, and tells how many second copies were sent. */
async function hedgesOf(hedger: Hedger, clock: FakeClock, durations: number[], mayHedge = () => true) {
  const task = vi.fn(async ({ signal, copy }: { signal: AbortSignal; copy: 1 | 2 }) => {
    await wait(copy === 1 ? (durations[calls] as number) : 1_000_000, { signal, clock });
  });
  let calls = 0;
  for (const duration of durations) {
    const done = hedger.run(task, { mayHedge });
    await clock.advance(duration);
    await done;
    calls++;
  }
  return task.mock.calls.filter(([{ copy }]) => copy === 2).length;
}

const slow = (calls: number) => new Array<number>(calls).fill(500);

test('second copies stay within their share of the calls', async () => {
  const { hedger, clock } = setup({ afterMs: 100 });
  expect(await hedgesOf(hedger, clock, slow(9))).toBe(0);
  expect(await hedgesOf(hedger, clock, slow(1))).toBe(1);
  expect(await hedgesOf(hedger, clock, slow(40))).toBe(4);
});

test('a long good time does not pay for a flood of copies', async () => {
  const { hedger, clock } = setup({ afterMs: 100, maxShare: 0.5 });
  expect(await hedgesOf(hedger, clock, new Array(60).fill(1))).toBe(0);
  expect(await hedgesOf(hedger, clock, slow(10))).toBe(10);
  expect(await hedgesOf(hedger, clock, slow(20))).toBeLessThanOrEqual(15);
});

test('with a share of all calls the first one is hedged', async () => {
  const { hedger, clock } = setup({ afterMs: 100, maxShare: 1 });
  expect(await hedgesOf(hedger, clock, slow(3))).toBe(3);
});

test('copies never exceed the share, whatever the latencies', async () => {
  const durations = fc.array(fc.constantFrom(1, 500), { maxLength: 40 });
  const property = fc.asyncProperty(durations, fc.constantFrom(0.05, 0.1, 0.3, 1), async (durations, maxShare) => {
    const { hedger, clock } = setup({ afterMs: 100, maxShare });
    expect(await hedgesOf(hedger, clock, durations)).toBeLessThanOrEqual(durations.length * maxShare + 1e-6);
  });
  await fc.assert(property, { numRuns: 25 });
});

test('a copy that the caller forbids costs nothing of the share', async () => {
  const { hedger, clock } = setup({ afterMs: 100 });
  expect(await hedgesOf(hedger, clock, slow(10), () => false)).toBe(0);
  expect(await hedgesOf(hedger, clock, slow(1))).toBe(1);
});

test('a percentile needs twenty calls, and then tells what late is', async () => {
  const { hedger, clock } = setup({ percentile: 90, maxShare: 1 });
  const usual = [...new Array(18).fill(100), 200];
  expect(await hedgesOf(hedger, clock, [...usual, 200])).toBe(0);
  expect(await hedgesOf(hedger, clock, [100])).toBe(0);
  expect(await hedgesOf(hedger, clock, [101])).toBe(1);
});

test('calls that lost count with the time they had run, so that the delay does not shrink', async () => {
  const { hedger, clock } = setup({ percentile: 50, maxShare: 1 });
  await hedgesOf(hedger, clock, [...new Array(11).fill(100), ...new Array(9).fill(1_000)]);
  const rescued = ({ signal, copy }: { signal: AbortSignal; copy: 1 | 2 }) =>
    wait(copy === 1 ? 1_000 : 50, { signal, clock });
  for (let call = 0; call < 3; call++) {
    const done = hedger.run(rescued);
    await clock.advance(150);
    await done;
  }
  // 11 of 23 took 100 ms, 3 took 150 or more, 9 took 1,000: the median has gone up.
  expect(await hedgesOf(hedger, clock, [149])).toBe(0);
});

test('failures and aborted calls tell nothing about latency', async () => {
  const { hedger, clock } = setup({ percentile: 50, maxShare: 1 });
  await hedgesOf(hedger, clock, new Array(19).fill(100));
  await hedger.run(() => Promise.reject('failed')).catch(() => {});
  const controller = new AbortController();
  const left = hedger.run(() => wait(5, { clock }), { signal: controller.signal });
  controller.abort();
  await left.catch(() => {});
  await clock.advance(5);
  expect(await hedgesOf(hedger, clock, [500])).toBe(0); // still the twentieth
  expect(await hedgesOf(hedger, clock, [500])).toBe(1);
});

test('a first copy that failed is not taken for a slow one when the second succeeds', async () => {
  const { hedger, clock } = setup({ percentile: 50, maxShare: 1 });
  await hedgesOf(hedger, clock, new Array(20).fill(100));
  const task = async ({ copy }: { copy: 1 | 2 }) => {
    await wait(copy === 1 ? 120 : 5_000, { clock });
    if (copy === 1) throw new Error('failed');
  };
  for (let call = 0; call < 30; call++) {
    const done = hedger.run(task);
    await clock.advance(5_100);
    await done;
  }
  expect(await hedgesOf(hedger, clock, [101])).toBe(1);
});

test('a second copy that fails leaves the latency of the first to be told', async () => {
  const { hedger, clock } = setup({ percentile: 50, maxShare: 1 });
  await hedgesOf(hedger, clock, new Array(20).fill(100));
  const task = async ({ copy }: { copy: 1 | 2 }) => {
    if (copy === 2) throw new Error('failed');
    await wait(400, { clock });
  };
  for (let call = 0; call < 30; call++) {
    const done = hedger.run(task);
    await clock.advance(400);
    await done;
  }
  expect(await hedgesOf(hedger, clock, [400])).toBe(0);
});

test.each([
  [{}, 'hedge'],
  [{ afterMs: 100, percentile: 95 }, 'hedge'],
  [{ afterMs: -1 }, 'hedge.afterMs'],
  [{ afterMs: '100' }, 'hedge.afterMs'],
  [{ percentile: 0.95 }, 'hedge.percentile'],
  [{ percentile: 100 }, 'hedge.percentile'],
  [{ afterMs: 100, maxShare: 0 }, 'hedge.maxShare'],
  [{ afterMs: 100, maxShare: 10 }, 'hedge.maxShare'],
  [{ afterMs: 100, share: 0.1 }, 'hedge.share'],
  [100, 'hedge'],
])('%j is refused', (options, path) => {
  const create = () => createHedger(options as HedgeOptions);
  expect(create).toThrow(expect.objectContaining({ code: 'invalid_request', path }));
});
