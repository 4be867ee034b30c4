import assert from 'node:assert/strict';
import type { CallOptions } from '@anyllm/core';
import type { BatchJob } from '@anyllm/core/batch';
import type { Bench } from '../bench/bench.ts';
import { typedFailureOf } from '../bench/failure.ts';
import { casesOf } from '../case.ts';
import { batchesOf, create, idIn, needsBatches as needs, readResults, rowsFor, saidOf } from './batch-calls.ts';
import { batchResultCases } from './batch-results.ts';
import { eventsOf, operationCases } from './operation-cases.ts';

const look = (bench: Bench, options?: CallOptions) => batchesOf(bench).retrieve(idIn(bench), bench.limited(options));
const cancel = (bench: Bench, options?: CallOptions) => batchesOf(bench).cancel(idIn(bench), bench.limited(options));
const list = (bench: Bench, options?: CallOptions): Promise<BatchJob[]> =>
  eventsOf(batchesOf(bench).list({ provider: bench.provider.id, ...bench.limited(options) }));

export const batchCases = casesOf(
  'batches',
  {
    name: 'request',
    why: 'An answer is found by the name of its row: a question under another name gets the answer to another one.',
    needs,
    answers: { say: 'batch-in-progress' },
    async run(bench) {
      await create(bench);
      const sent = bench.requests.map(({ text }) => text).join('\n');
      const lines = sent.split('\n');
      for (const { custom_id, request } of rowsFor(bench)) {
        const isThere = lines.some((line) => line.includes(custom_id) && line.includes(request.prompt));
        assert.ok(isThere, `the row "${custom_id}" was not sent with its question`);
      }
      assert.ok(sent.includes(bench.model.slice(bench.provider.id.length + 1)), 'the model was not sent');
    },
  },
  {
    name: 'progress',
    why: 'Programs wait for the end of a batch: taken for its end, what is under way has no results, and is paid for.',
    needs,
    answers: [
      ...Array.from({ length: 4 }, () => ({ say: 'batch-in-progress' as const })), // sent, made and looked at twice
      { say: 'batch-with-failure' },
    ],
    async run(bench) {
      const { id, status, provider } = await create(bench);
      assert.equal(provider, bench.provider.id);
      assert.ok(['validating', 'in_progress'].includes(status), `a batch that was just made is ${status}`);
      const seen: string[] = [];
      const onProgress = (job: BatchJob) => void seen.push(job.status);
      const job = await batchesOf(bench).wait(id, { timeout: 10_000, interval: 1, onProgress });
      assert.deepEqual(seen, ['in_progress', 'completed']);
      const { rows } = saidOf(bench, 'batch-with-failure');
      const failed = rows.filter(({ error }) => error).length;
      assert.deepEqual(job.request_counts, { total: rows.length, completed: rows.length - failed, failed });
    },
  },
  {
    name: 'unknown',
    why: 'Vendors forget batches after a while: an id that they do not know is an error that asking again does not mend.',
    needs,
    answers: { say: 'no-batches' },
    async run(bench) {
      for (const ask of [look, cancel, readResults]) {
        const { provider, retryable } = await typedFailureOf(ask(bench));
        assert.deepEqual({ provider, retryable }, { provider: bench.provider.id, retryable: false });
      }
    },
  },
  {
    name: 'list',
    why: 'A list has as many pages as it takes: who reads the first one only loses sight of the rest.',
    needs,
    answers: { say: 'batches' },
    async run(bench) {
      const listed = await list(bench);
      const said = bench.content('batches').batches ?? [];
      assert.deepEqual(
        listed.map(({ id }) => id),
        said.map(({ id }) => `${bench.provider.id}/${id}`),
      );
    },
  },
  {
    name: 'statuses',
    why: 'Each vendor has words of its own: for the end of a batch in one that nobody knows, programs wait forever.',
    needs,
    answers: { say: 'batches' },
    async run(bench) {
      const listed = await list(bench);
      const said = bench.content('batches').batches ?? [];
      assert.deepEqual(
        listed.map(({ status, created_at }) => ({ status, created_at })),
        said.map(({ status, created }) => ({ status, created_at: created })),
      );
    },
  },
  {
    name: 'none',
    why: 'An account without batches is no failure.',
    needs,
    answers: { say: 'no-batches' },
    run: async (bench) => assert.deepEqual(await list(bench), []),
  },
  {
    name: 'cancel',
    why: 'What is not cancelled at the vendor goes on, and is paid for; that it takes its time is no failure.',
    needs,
    answers: { say: 'batch-cancelling' },
    async run(bench) {
      assert.equal((await cancel(bench)).status, 'cancelling');
      const { method, path, text } = await bench.received();
      assert.notEqual(method, 'GET', 'the batch was looked at, not cancelled');
      assert.ok(`${path} ${text}`.includes(saidOf(bench, 'batch-cancelling').id), 'the id was not sent');
    },
  },
  ...operationCases({ prefix: 'upload-', say: 'batch-in-progress', needs, ask: create }),
  ...operationCases({
    prefix: 'create-',
    before: ['batch-in-progress'], // to the file that is sent
    say: 'batch-in-progress',
    needs,
    ask: create,
  }),
  ...operationCases({ prefix: 'retrieve-', say: 'batch-in-progress', needs, ask: look }),
  ...operationCases({ prefix: 'list-', say: 'batch-in-progress', needs, ask: list }),
  ...operationCases({ prefix: 'cancel-', say: 'batch-cancelling', needs, ask: cancel }),
  ...batchResultCases,
);
