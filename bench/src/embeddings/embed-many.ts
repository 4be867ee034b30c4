import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createOpenAI as createTheirs } from '@ai-sdk/openai';
import { createClient } from '@anyllm/core';
import { createOpenAI } from '@anyllm/provider-openai';
import { embedMany } from 'ai';
import { Pool } from 'undici';

// The vectors of 100,000 texts, in a process of its own: `embed-many.ts <contestant>`, with `--expose-gc`. Each sends
// 2,048 texts at once and ten requests at a time. Prints milliseconds of CPU and how much the heap had grown at its end.

const count = 100_000;
const batchSize = 2_048;
const atOnce = 10;
const model = 'text-embedding-3-small';
const input = Array.from({ length: count }, (_, at) => `sentence number ${at}`);

const server = fork(new URL('./vector-server.ts', import.meta.url));
const [port] = await once(server, 'message');
const origin = `http://127.0.0.1:${port}`;
const client = createClient({ providers: [createOpenAI({ baseURL: `${origin}/v1`, apiKey: 'key' })] });
const request = { model: `openai/${model}`, input } as const;

const runs: Record<string, () => Promise<number>> = {
  async floor() {
    const pool = new Pool(origin, { connections: atOnce, pipelining: 1 });
    const vectors: number[][] = new Array(count);
    let next = 0;
    const work = async () => {
      while (next < count) {
        const start = next;
        next += batchSize;
        const body = JSON.stringify({ model, input: input.slice(start, start + batchSize) });
        const answer = await pool.request({ path: '/v1/embeddings', method: 'POST', body });
        const { data } = JSON.parse(await answer.body.text());
        for (const { index, embedding } of data) vectors[start + index] = embedding;
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    await pool.close();
    return misplaced(vectors);
  },
  ours: async () => misplaced((await client.embedding(request)).data.map(({ embedding }) => embedding)),
  async 'ours, as a stream'() {
    let wrong = 0;
    for await (const { index, embedding } of client.embedding.stream(request)) if (embedding[0] !== index) wrong += 1;
    return wrong;
  },
  async ai() {
    const embedder = createTheirs({ baseURL: `${origin}/v1`, apiKey: 'key' }).embeddingModel(model);
    return misplaced((await embedMany({ model: embedder, values: input, maxParallelCalls: atOnce })).embeddings);
  },
};

const run = runs[process.argv[2] as string] as () => Promise<number>;
await run(); // loads and warms up
globalThis.gc?.();
const before = { cpu: process.cpuUsage(), heap: process.memoryUsage().heapUsed };
const wrong = await run();
const { user, system } = process.cpuUsage(before.cpu);
const grown = process.memoryUsage().heapUsed - before.heap;
if (wrong > 0) throw new Error(`${wrong} vectors stand at the place of another text`);
console.log(JSON.stringify({ milliseconds: (user + system) / 1_000, grown }));
server.disconnect();

function misplaced(vectors: readonly (readonly number[])[]): number {
  return count - vectors.length + vectors.filter((vector, at) => vector[0] !== at).length;
}
