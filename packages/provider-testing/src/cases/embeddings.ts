import assert from 'node:assert/strict';
import type { Bench } from '../bench/bench.ts';
import { typedFailureOf } from '../bench/failure.ts';
import { type CaseOf, casesOf } from '../case.ts';
import { operationCases } from './operation-cases.ts';

const texts = ['the first text', 'a second text', 'the third'];

const needs: CaseOf['needs'] = (_, __, { embed }) => embed !== undefined;

const vectorsOf = async (bench: Bench) => (await bench.embed(texts)).data.map(({ embedding }) => embedding);

export const embeddingCases = casesOf(
  'embeddings',
  {
    name: 'vectors',
    why: 'A vector that stands at the place of another text is found by no test and spoils every search.',
    needs,
    answers: { say: 'embeddings' },
    async run(bench) {
      assert.deepEqual(await vectorsOf(bench), bench.content('embeddings').embeddings);
    },
  },
  {
    name: 'request',
    why: 'Each text is sent as it is, with the model that was asked for.',
    needs,
    answers: { say: 'embeddings' },
    async run(bench) {
      await bench.embed(texts);
      const { path, text } = await bench.received();
      const model = bench.embeddingModel.slice(bench.provider.id.length + 1);
      assert.ok(decodeURIComponent(path).includes(model) || text.includes(model), 'the model was not sent');
      for (const each of texts) assert.ok(text.includes(each), `the text "${each}" was not sent`);
      assert.equal(bench.requests.length, 1, 'three texts took more than one request');
    },
  },
  {
    name: 'usage',
    why: 'Usage is what is paid: it has to be what the vendor counted.',
    needs,
    answers: { say: 'embeddings' },
    async run(bench) {
      const { usage } = await bench.embed(texts);
      const prompt = bench.content('embeddings').usage?.prompt;
      assert.ok(usage, 'there is no usage');
      assert.equal(usage.prompt_tokens, prompt);
      assert.equal(usage.total_tokens, prompt);
    },
  },
  {
    name: 'usage-unstated',
    why: 'Zero is a number like others: where the vendor states none, none may stand there.',
    needs,
    answers: { say: 'embeddings-without-usage' },
    run: async (bench) => assert.equal((await bench.embed(texts)).usage, undefined),
  },
  {
    name: 'row-missing',
    why: 'A vector too few is an error: filled up or moved together, all those after it belong to other texts.',
    needs,
    answers: { say: 'embeddings' },
    async run(bench) {
      const error = await typedFailureOf(bench.embed([...texts, 'a fourth']), 'response_parse');
      assert.equal(error.retryable, true);
    },
  },
  ...operationCases({ say: 'embeddings', needs, ask: (bench, options) => bench.embed(texts, options) }),
);
