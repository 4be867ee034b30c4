import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createBatch } from '@anyllm/core/batch';
import { expect, onTestFinished, test } from 'vitest';
import { folderWith } from './child-process.ts';
import { failure, simulate } from './simulated.ts';

const total = 10_000;
const concurrency = 64;

interface Told {
  done?: number;
  status?: string;
  heapMiB?: number;
}

/** A process that runs the batch; it is gone after the test. */
function run(baseURL: string, journal: string): ChildProcess {
  const child = fork(new URL('./batch-run/run-batch.ts', import.meta.url), [baseURL, journal, `${total}`]);
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** Waits until so many rows are done; the last word of the process if it ends before. */
async function told(child: ChildProcess, until: number): Promise<Told> {
  let last: Told = {};
  const ended = once(child, 'exit');
  return new Promise((resolve, reject) => {
    child.on('message', (message: Told) => {
      last = message;
      if ((message.done ?? 0) >= until || message.status) resolve(last);
    });
    ended.then(() => resolve(last), reject);
  });
}

test('a batch that is killed again and again has every row once, and asks no row twice that was done', async () => {
  const { simulator, client } = await simulate({ script: { text: 'ok' } });
  const journal = join(folderWith({}), 'journal');
  const kills = [0.2, 0.5, 0.8];
  let acknowledged = 0;
  for (const share of kills) {
    const child = run(simulator.baseURL.ollama, journal);
    const { done = 0 } = await told(child, total * share);
    if (share === kills[0]) {
      const error = await failure(createBatch(client).create({ requests: [] }, { journal }));
      expect((error as Error).message).toContain(`in use by process ${child.pid} on `);
    }
    child.kill('SIGKILL');
    await once(child, 'exit');
    acknowledged = done;
  }
  const { status, request_counts } = await createBatch(client).retrieve(`local:${journal}`);
  expect(status).toBe('failed'); // its process is gone
  expect(request_counts.completed).toBeGreaterThanOrEqual(acknowledged);

  const last = run(simulator.baseURL.ollama, journal);
  const { status: end, heapMiB } = await told(last, Number.POSITIVE_INFINITY);
  expect(end).toBe('completed');
  expect(heapMiB).toBeLessThan(150);

  const seen = new Set<string>();
  for await (const { custom_id, status } of createBatch(client).results(`local:${journal}`)) {
    expect(status).toBe('fulfilled');
    seen.add(custom_id);
  }
  expect(seen.size).toBe(total);
  // At most those that were under way when the process was killed have been asked twice.
  expect(simulator.requests.length).toBeGreaterThanOrEqual(total);
  expect(simulator.requests.length).toBeLessThanOrEqual(total + kills.length * concurrency);
}, 120_000);
