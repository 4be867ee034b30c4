import assert from 'node:assert/strict';
import type { CallOptions, RerankRequest } from '@anyllm/core';
import type { Bench } from '../bench/bench.ts';
import { typedFailureOf } from '../bench/failure.ts';
import { type CaseOf, casesOf } from '../case.ts';
import { operationCases } from './operation-cases.ts';

const query = 'where is the treasure?';
const documents = ['under the stairs', 'in the garden', 'on the island'];

const needs: CaseOf['needs'] = (_, __, { rerank }) => rerank !== undefined;

const rank = (bench: Bench, fields: Partial<RerankRequest> = {}, options?: CallOptions) =>
  bench.client.rerank({ model: bench.model, query, documents, ...fields }, bench.limited(options));

/** What the server says, the best first. */
const bestOf = (bench: Bench) =>
  (bench.content('ranking').ranking ?? [])
    .toSorted((a, b) => b.score - a.score)
    .map(({ index, score }) => ({ index, relevance_score: score }));

export const rerankCases = casesOf(
  'rerank',
  {
    name: 'order',
    why: 'The best document comes first, with the number that it has in the request: another number is another text.',
    needs,
    answers: { say: 'ranking' },
    async run(bench) {
      assert.deepEqual((await rank(bench)).results, bestOf(bench));
    },
  },
  {
    name: 'request',
    why: 'A document that is not sent as it is, or at another place, is ranked for another one.',
    needs,
    answers: { say: 'ranking' },
    async run(bench) {
      await rank(bench);
      const { text } = await bench.received();
      const places = documents.map((each) => text.indexOf(each));
      assert.ok(text.includes(query) && !places.includes(-1), 'the query or a document was not sent');
      const inOrder = places.toSorted((a, b) => a - b);
      assert.deepEqual(places, inOrder, 'the documents changed places');
    },
  },
  {
    name: 'top-n',
    why: 'Vendors promise no order: who keeps the first rows of an answer loses the best.',
    needs,
    answers: { say: 'ranking' },
    async run(bench) {
      assert.deepEqual((await rank(bench, { top_n: 2 })).results, bestOf(bench).slice(0, 2));
    },
  },
  {
    name: 'stranger',
    why: 'A rank of a document that was not sent is an error: no text belongs to it.',
    needs,
    answers: { say: 'ranking' },
    async run(bench) {
      const error = await typedFailureOf(rank(bench, { documents: documents.slice(0, 2) }), 'response_parse');
      assert.equal(error.retryable, true);
    },
  },
  ...operationCases({ say: 'ranking', needs, ask: (bench, options) => rank(bench, {}, options) }),
);
