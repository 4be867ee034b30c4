import assert from 'node:assert/strict';
import type { BatchResult } from '@anyllm/core/batch';
import { assertHoldsNo, secrets, typedFailureOf } from '../bench/failure.ts';
import { within } from '../bench/within.ts';
import type { CaseOf } from '../case.ts';
import { textOf } from '../contents.ts';
import type { ContentChoice, ContentRow } from '../scenario.ts';
import { batchesOf, idIn, needsBatches as needs, readResults, saidOf } from './batch-calls.ts';
import { streamCases } from './operation-cases.ts';

/** The text of a row's answer, or the class of its error. */
const heard = (result: BatchResult) =>
  result.status === 'fulfilled'
    ? { text: result.value.text, prompt: result.value.usage?.prompt_tokens }
    : { code: result.reason.code, provider: result.reason.provider };

const said = ({ choices, error, usage }: ContentRow, provider: string) =>
  error ? { code: error.code, provider } : { text: textOf(choices[0] as ContentChoice), prompt: usage?.prompt };

/** What is read of a batch that has ended: it is looked at, and then its files are. */
export const batchResultCases: readonly CaseOf[] = [
  {
    name: 'results',
    why: 'Results come in any order and out of several files: each belongs to its row, and a refusal is one as well.',
    needs,
    answers: { say: 'batch-with-failure' },
    async run(bench) {
      const { rows } = saidOf(bench, 'batch-with-failure');
      const results = await readResults(bench);
      assert.equal(results.length, rows.length);
      for (const row of rows) {
        const result = results.find(({ custom_id }) => custom_id === row.custom_id);
        assert.ok(result, `the row "${row.custom_id}" has no result`);
        assert.deepEqual(heard(result), said(row, bench.provider.id));
      }
    },
  },
  {
    name: 'results-stray-lines',
    why: 'A line that nobody understands may have been an answer: it is told of, and takes none of the others with it.',
    needs,
    answers: { say: 'batch-with-stray-lines' },
    async run(bench) {
      const { rows, strayLines = [] } = saidOf(bench, 'batch-with-stray-lines');
      const results = await readResults(bench);
      const fulfilled = results.filter(({ status }) => status === 'fulfilled').map(({ custom_id }) => custom_id);
      assert.deepEqual(fulfilled.toSorted(), rows.map(({ custom_id }) => custom_id).toSorted());
      const odd = results.filter((result) => result.status === 'rejected');
      assert.equal(odd.length, strayLines.filter((line) => line.trim() !== '').length);
      for (const { reason } of odd) assert.equal(reason.code, 'response_parse');
    },
  },
  {
    name: 'results-early',
    why: 'A file of results may be larger than the memory: rows come with their lines, and who leaves closes the socket.',
    needs,
    answers: [{ say: 'batch-completed' }, { say: 'batch-completed', fault: { kind: 'stall', atToken: 1 } }],
    async run(bench) {
      const results = batchesOf(bench).results(idIn(bench), bench.limited())[Symbol.asyncIterator]();
      const { value } = await within(results.next(), 'a row comes before the file has ended');
      assert.equal(value?.status, 'fulfilled');
      await results.return?.();
      await bench.hungUp(1);
    },
  },
  {
    name: 'results-truncated',
    why: 'Of a file that ends too early, in good order, only the counts of the batch tell that there was more.',
    needs,
    answers: [{ say: 'batch-completed' }, { say: 'batch-completed', fault: { kind: 'truncated' } }],
    async run(bench) {
      await typedFailureOf(readResults(bench), 'response_parse');
    },
  },
  {
    name: 'results-row-secrets',
    why: 'A row that was refused may repeat the key, and is kept where results are kept.',
    needs,
    answers: [{ say: 'batch-completed' }, { say: 'batch-completed', fault: { kind: 'echo', status: 200 } }],
    async run(bench) {
      const errors: unknown[] = [];
      try {
        const results = batchesOf(bench).results(idIn(bench), bench.limited({ apiKey: secrets.key }));
        for await (const result of results) if (result.status === 'rejected') errors.push(result.reason);
      } catch (error) {
        errors.push(error);
      }
      assert.ok(errors.length > 0, 'what is no result passed for one');
      for (const error of errors) assertHoldsNo(error, 'key');
    },
  },
  ...streamCases({
    prefix: 'results-',
    before: ['batch-completed'],
    say: 'batch-completed',
    needs,
    ask: readResults,
  }),
];
