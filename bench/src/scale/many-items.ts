import { gather, mapConcurrent } from '@anyllm/core';

// A million items from an asynchronous source, in a process of its own: `many-items.ts <utility>`, with `--expose-gc`.
// Prints nanoseconds per item, and how much the heap had grown at a tenth of the items and at nine tenths.

const items = 1_000_000;
const grown: number[] = [];
const base = liveHeap();

async function* source() {
  for (let at = 0; at < items; at += 1) {
    if (at === items * 0.1 || at === items * 0.9) grown.push(liveHeap() - base);
    yield at;
  }
}

const runs: Record<string, () => Promise<number>> = {
  async mapConcurrent() {
    let count = 0;
    for await (const _ of mapConcurrent(source(), async (item) => item, { concurrency: 100 })) count += 1;
    return count;
  },
  async gather() {
    return (await gather(tasks(), { concurrency: 100 })).length;
  },
};

async function* tasks() {
  for await (const item of source()) yield async () => item;
}

const startedAt = performance.now();
const count = await runs[process.argv[2] as string]?.();
if (count !== items) throw new Error(`${count} results`);
const nanoseconds = ((performance.now() - startedAt) * 1e6) / items;
console.log(JSON.stringify({ nanoseconds, grown }));

function liveHeap(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
