import assert from 'node:assert/strict';
import { type CaseOf, casesOf } from '../case.ts';
import { operationCases } from './operation-cases.ts';

const needs: CaseOf['needs'] = (_, __, { listModels }) => listModels !== undefined;

export const modelCases = casesOf(
  'models',
  {
    name: 'rows',
    why: 'What is listed can be asked for: an id with a character lost is a model that is not found.',
    needs,
    answers: { say: 'models' },
    async run(bench) {
      const said = bench.content('models').models ?? [];
      const listed = await bench.listModels();
      assert.deepEqual(
        listed.map(({ id }) => id),
        said.map(({ id }) => id),
      );
      for (const { id, model, object, raw } of listed) {
        assert.equal(model, `${bench.provider.id}/${id}`);
        assert.equal(object, 'model');
        assert.notEqual(raw, undefined, "the vendor's row is not there");
      }
    },
  },
  {
    name: 'created',
    why: 'Programs pick the newest model: milliseconds in place of seconds make all of them the newest.',
    needs,
    answers: { say: 'models' },
    async run(bench) {
      const said = bench.content('models').models ?? [];
      for (const [at, { created }] of (await bench.listModels()).entries()) {
        if (created !== undefined) assert.equal(created, said[at]?.created);
      }
    },
  },
  {
    name: 'none',
    why: 'A server without models is no failure.',
    needs,
    answers: { say: 'no-models' },
    run: async (bench) => assert.deepEqual(await bench.listModels(), []),
  },
  ...operationCases({ say: 'models', needs, ask: (bench, options) => bench.listModels(options) }),
);
