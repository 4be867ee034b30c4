import { createLimiter, mapConcurrent } from '@anyllm/core';
import pLimit from 'p-limit';
import pMap from 'p-map';
import PQueue from 'p-queue';
import { median } from '../statistics.ts';

// 10,000 items that take no time, at most 100 at once, with one utility in a process of its own:
// `measure-utility.ts <utility>`. Prints nanoseconds per item.

const concurrency = 100;
const items = Array.from({ length: 10_000 }, (_, at) => at);
const work = async (item: number) => item;

const utilities: Record<string, () => Promise<unknown[]>> = {
  mapConcurrent: () => collect(mapConcurrent(items, work, { concurrency })),
  'p-map': () => pMap(items, work, { concurrency }),
  createLimiter() {
    const limiter = createLimiter({ concurrency });
    return Promise.all(items.map((item) => limiter.run(() => work(item))));
  },
  'p-limit'() {
    const limit = pLimit(concurrency);
    return Promise.all(items.map((item) => limit(() => work(item))));
  },
  'p-queue'() {
    const queue = new PQueue({ concurrency });
    return Promise.all(items.map((item) => queue.add(() => work(item))));
  },
};

const run = utilities[process.argv[2] as string] as () => Promise<unknown[]>;
for (let time = 0; time < 30; time += 1) await measure();
const times = [];
for (let time = 0; time < 31; time += 1) times.push(await measure());
console.log(median(times));

async function measure(): Promise<number> {
  const startedAt = performance.now();
  const results = await run();
  const nanoseconds = ((performance.now() - startedAt) * 1e6) / items.length;
  if (results.length !== items.length || results[7] !== 7) throw new Error('these are not the results');
  return nanoseconds;
}

async function collect(results: AsyncIterable<number>): Promise<number[]> {
  const list = [];
  for await (const result of results) list.push(result);
  return list;
}
