import { appendFileSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AuthenticationError, InvalidRequestError, RateLimitError } from '@anyllm/core';
import { type BatchEntry, type Batches, type BatchResult, createBatch } from '@anyllm/core/batch';
import type { SimulatorOptions } from '@anyllm/simulator';
import { expect, test } from 'vitest';
import { folderWith } from './child-process.ts';
import { eventually, failure, simulate } from './simulated.ts';

async function start(options?: SimulatorOptions) {
  const { simulator, client } = await simulate(options);
  return { simulator, client, batch: createBatch(client) as Batches, journal: join(folderWith({}), 'journal') };
}

const ask = (custom_id: string, model = 'ollama/llama3'): BatchEntry => ({
  custom_id,
  request: { model, prompt: `Row ${custom_id}` },
});
const rows = (count: number) => Array.from({ length: count }, (_, n) => ask(`${n}`));

async function collect(results: AsyncIterable<BatchResult>): Promise<Map<string, BatchResult>> {
  const collected = new Map<string, BatchResult>();
  for await (const result of results) {
    expect(collected.has(result.custom_id)).toBe(false);
    collected.set(result.custom_id, result);
  }
  return collected;
}

test('a provider without batches has its rows asked one by one, errors in their place', async () => {
  const { batch, journal } = await start({
    script: ({ text }) => (text.includes('Row 3') ? { status: 429 } : undefined),
  });
  const made = await batch.create({ requests: rows(20), metadata: { night: '1' } }, { journal });
  expect(made).toMatchObject({ provider: 'local', status: 'in_progress', metadata: { night: '1' } });
  expect(made.id).toBe(`local:${journal}`);
  const counts: number[] = [];
  const done = await batch.wait(made.id, { onProgress: (job) => void counts.push(job.request_counts.completed) });
  expect(done).toMatchObject({ status: 'completed', request_counts: { total: 20, completed: 19, failed: 1 } });
  expect(counts.at(-1)).toBe(19);
  const results = await collect(batch.results(made.id));
  expect(results.size).toBe(20);
  const failed = results.get('3');
  expect(failed?.status === 'rejected' && failed.reason).toBeInstanceOf(RateLimitError);
  expect(failed?.status === 'rejected' && failed.reason.attempts).toHaveLength(1);
  const answer = results.get('4');
  expect(answer?.status === 'fulfilled' && answer.value).toMatchObject({
    text: expect.stringContaining('Row 4'),
    meta: { provider: 'ollama', attempts: [{ status: 200 }] },
  });
});

test('any provider runs locally where that is asked for, and a batch may mix them', async () => {
  const { batch, journal, simulator } = await start();
  const requests = [ask('a', 'openai/gpt-4o'), ask('b', 'mistral/mistral-small-latest'), ask('c')];
  const { id } = await batch.create({ requests }, { journal, local: true });
  await batch.wait(id);
  expect([...(await collect(batch.results(id))).values()].map(({ status }) => status)).toEqual(
    Array(3).fill('fulfilled'),
  );
  expect(new Set(simulator.requests.map(({ dialect }) => dialect)).size).toBe(3);
});

test('without a journal a local batch is refused, and so is one that is no path', async () => {
  const { batch, simulator } = await start();
  expect(await failure(batch.create({ requests: rows(1) }))).toMatchObject({ path: 'options.journal' });
  for (const options of [{ journal: '' }, { journal: 5 }, { local: 'yes' }, { jurnal: 'x' }, { concurrency: 0 }]) {
    expect(await failure(batch.create({ requests: rows(1) }, options as never))).toBeInstanceOf(InvalidRequestError);
  }
  const file = join(folderWith({ file: 'x' }), 'file');
  expect(await failure(batch.create({ requests: rows(1) }, { journal: file }))).toMatchObject({
    code: 'invalid_request',
    message: expect.stringMatching(/cannot be read or written \((EEXIST|ENOTDIR)\)/),
  });
  expect(simulator.requests).toEqual([]);
});

test('no more rows are asked at once than `concurrency`, and than the limits of the client', async () => {
  const { batch, journal, simulator } = await start({ script: { latency: { headersMs: 10 } } });
  const { id } = await batch.create({ requests: rows(30) }, { journal, concurrency: 5 });
  await batch.wait(id);
  expect(simulator.sockets.opened).toBeLessThanOrEqual(5);
});

test('a journal is for its owner’s eyes', async () => {
  const { batch, journal } = await start();
  await batch.wait((await batch.create({ requests: rows(2) }, { journal })).id);
  expect(readdirSync(journal).sort()).toEqual(['batch.json', 'requests.jsonl', 'results.jsonl']);
  expect(statSync(journal).mode & 0o777).toBe(0o700);
  for (const name of readdirSync(journal)) expect(statSync(join(journal, name)).mode & 0o777).toBe(0o600);
});

test('a journal that is complete is not asked again, and one of other rows is refused', async () => {
  const { batch, journal, simulator } = await start();
  const { id } = await batch.create({ requests: rows(3) }, { journal });
  await batch.wait(id);
  const again = await batch.create({ requests: rows(3) }, { journal });
  expect((await batch.wait(again.id)).status).toBe('completed');
  expect(simulator.requests).toHaveLength(3);
  const error = await failure(batch.create({ requests: rows(4) }, { journal }));
  expect((error as Error).message).toMatch(/belongs to other requests \(3 rows; these are 4\)/);
  expect((await collect(batch.results(id))).size).toBe(3);
});

test('a row that failed for a reason that may pass is asked again by the next run, any other is not', async () => {
  const { batch, journal, simulator } = await start({
    script: ({ text }) => (/Row [12]"/.test(text) ? { status: text.includes('Row 1') ? 429 : 400 } : undefined),
  });
  const { id } = await batch.create({ requests: rows(4) }, { journal });
  expect((await batch.wait(id)).request_counts).toEqual({ total: 4, completed: 2, failed: 2 });
  simulator.script();
  const before = simulator.requests.length;
  const again = await batch.create({ requests: rows(4) }, { journal });
  expect((await batch.wait(again.id)).request_counts).toEqual({ total: 4, completed: 3, failed: 1 });
  expect(simulator.requests.slice(before).map(({ text }) => /Row \d/.exec(text)?.[0])).toEqual(['Row 1']);
  const results = await collect(batch.results(id));
  expect(['0', '1', '2', '3'].map((name) => results.get(name)?.status)).toEqual([
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
  ]);
});

test('a torn last line and an unreadable one are asked again, the others are not', async () => {
  const { batch, journal, simulator } = await start();
  const { id } = await batch.create({ requests: rows(5) }, { journal });
  await batch.wait(id);
  const path = join(journal, 'results.jsonl');
  const lines = readFileSync(path, 'utf8').split('\n');
  lines[1] = '\0'.repeat(lines[1]?.length ?? 0);
  writeFileSync(path, lines.join('\n'));
  truncateSync(path, statSync(path).size - 30);
  expect(await batch.retrieve(id)).toMatchObject({ request_counts: { completed: 3 } });
  const before = simulator.requests.length;
  await batch.wait((await batch.create({ requests: rows(5) }, { journal })).id);
  expect(simulator.requests.length - before).toBe(2);
  const results = await collect(batch.results(id));
  expect([...results.values()].map(({ status }) => status)).toEqual(Array(5).fill('fulfilled'));
});

test('cancelled, it keeps what is done, gives the rest as errors, and can go on', async () => {
  const { batch, journal, simulator } = await start({ script: { latency: { headersMs: 20 } } });
  const { id } = await batch.create({ requests: rows(100) }, { journal, concurrency: 4 });
  expect(await failure(collect(batch.results(id)))).toMatchObject({ code: 'invalid_request', path: 'id' });
  await simulator.waitFor(12);
  const cancelled = await batch.cancel(id);
  expect(cancelled.status).toBe('cancelled');
  const { completed } = cancelled.request_counts;
  expect(completed).toBeGreaterThan(0);
  expect(completed).toBeLessThan(100);
  await eventually(
    () => simulator.sockets.open === 0 || simulator.requests.every((request) => request.finishedAt || request.aborted),
  );
  const results = [...(await collect(batch.results(id))).values()];
  expect(results).toHaveLength(100);
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(completed);
  expect(results.at(-1)).toMatchObject({ status: 'rejected', reason: { code: 'provider', retryable: true } });
  simulator.script();
  const again = await batch.create({ requests: rows(100) }, { journal });
  expect((await batch.wait(again.id)).request_counts.completed).toBe(100);
});

test('the signal of `create` ends the run, which the next one takes up', async () => {
  const { batch, journal, simulator } = await start({ script: { latency: { headersMs: 20 } } });
  const controller = new AbortController();
  const { id } = await batch.create({ requests: rows(50) }, { journal, concurrency: 4, signal: controller.signal });
  await simulator.waitFor(8);
  controller.abort(new Error('the night is over'));
  expect(await batch.wait(id)).toMatchObject({ status: 'failed', errors: [{ code: 'interrupted' }] });
  simulator.script();
  await batch.wait((await batch.create({ requests: rows(50) }, { journal })).id);
  expect((await batch.retrieve(id)).status).toBe('completed');
});

test('what is true of every row ends the batch, and leaves the rows to be asked', async () => {
  const { batch, journal, simulator } = await start({ script: { status: 401 } });
  const { id } = await batch.create({ requests: rows(50) }, { journal, concurrency: 4 });
  const job = await batch.wait(id);
  expect(job).toMatchObject({ status: 'failed', errors: [{ code: AuthenticationError.code }] });
  expect(job.request_counts).toEqual({ total: 50, completed: 0, failed: 0 });
  expect(simulator.requests.length).toBeLessThanOrEqual(4);
  simulator.script();
  await batch.wait((await batch.create({ requests: rows(50) }, { journal })).id);
  expect((await batch.retrieve(id)).request_counts.completed).toBe(50);
});

test('a second batch of the same journal is refused while the first one runs', async () => {
  const { batch, journal } = await start({ script: { latency: { headersMs: 50 } } });
  const { id } = await batch.create({ requests: rows(3) }, { journal });
  const error = await failure(batch.create({ requests: rows(3) }, { journal }));
  expect(error).toBeInstanceOf(InvalidRequestError);
  expect((error as Error).message).toMatch(new RegExp(`in use by process ${process.pid} on `));
  await batch.cancel(id);
  expect(readdirSync(journal).filter((name) => name.startsWith('lock'))).toEqual([]);
});

test('a lock that somebody left behind does not keep others out', async () => {
  const { batch, journal } = await start();
  await batch.wait((await batch.create({ requests: rows(1) }, { journal })).id);
  const { hostname } = await import('node:os');
  const lock = (holder: object) => writeFileSync(join(journal, 'lock-left'), JSON.stringify(holder));
  lock({ pid: 2 ** 22 + 1, host: hostname(), startedAt: 0 }); // no such process
  await batch.wait((await batch.create({ requests: rows(1) }, { journal })).id);
  lock({ pid: process.pid, host: hostname(), startedAt: 0 }); // an earlier process with this one's id
  await batch.wait((await batch.create({ requests: rows(1) }, { journal })).id);
  lock({ pid: 1, host: 'another-machine', startedAt: 0 });
  const error = await failure(batch.create({ requests: rows(1) }, { journal }));
  expect((error as Error).message).toMatch(/in use by process 1 on another-machine/);
  const { utimesSync } = await import('node:fs');
  utimesSync(join(journal, 'lock-left'), 0, 0); // not touched for long
  await batch.wait((await batch.create({ requests: rows(1) }, { journal })).id);
  expect(readdirSync(journal).filter((name) => name.startsWith('lock'))).toEqual([]);
});

test.each([
  ['not JSON', '{'],
  ['of a later version', '{"format":2}'],
])('a journal that is %s is refused', async (_, text) => {
  const { batch, journal, simulator } = await start();
  expect(await failure(batch.retrieve(`local:${journal}`))).toMatchObject({ code: 'invalid_request', path: 'id' });
  await failure(batch.create({ requests: [] }, { journal }));
  appendFileSync(join(journal, 'batch.json'), text);
  expect(await failure(batch.create({ requests: rows(1) }, { journal }))).toBeInstanceOf(InvalidRequestError);
  expect(simulator.requests).toEqual([]);
});
