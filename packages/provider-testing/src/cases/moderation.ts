import assert from 'node:assert/strict';
import type { CallOptions, ModerationRequest } from '@anyllm/core';
import { UnsupportedParameterError } from '@anyllm/core';
import type { Bench } from '../bench/bench.ts';
import { typedFailureOf } from '../bench/failure.ts';
import { type CaseOf, casesOf } from '../case.ts';
import { operationCases } from './operation-cases.ts';

const texts = ['a first text', 'a text that is judged', 'and a third'];
const picture = 'https://suite.example/picture.png';

const needs: CaseOf['needs'] = (_, __, { moderate }) => moderate !== undefined;

const judge = (bench: Bench, input: ModerationRequest['input'] & {} = texts, options?: CallOptions) =>
  bench.client.moderation({ model: bench.model, input }, bench.limited(options));

export const moderationCases = casesOf(
  'moderation',
  {
    name: 'verdicts',
    why: 'A verdict that stands at the place of another text lets through what was to be stopped.',
    needs,
    answers: { say: 'moderations' },
    async run(bench) {
      const said = bench.content('moderations').moderations ?? [];
      const { results } = await judge(bench);
      assert.deepEqual(
        results.map(({ flagged }) => flagged),
        said.map(({ categories }) => Object.values(categories).includes(true)),
      );
      for (const [at, { categories, scores }] of said.entries()) {
        assert.deepEqual(results[at]?.categories, categories);
        assert.deepEqual(results[at]?.category_scores, scores);
      }
      for (const each of texts) assert.ok((await bench.received()).text.includes(each), `"${each}" was not sent`);
    },
  },
  {
    name: 'verdict-missing',
    why: 'A text that was not judged must not pass for a harmless one.',
    needs,
    answers: { say: 'moderations' },
    async run(bench) {
      const error = await typedFailureOf(judge(bench, [...texts, 'a fourth']), 'response_parse');
      assert.equal(error.retryable, true);
    },
  },
  {
    name: 'picture',
    why: 'A picture that nobody looks at is harmless by its caption: it is sent, or refused before the network.',
    needs,
    answers: { say: 'moderation-of-parts' },
    async run(bench) {
      const caption = { type: 'text', text: 'a caption' } as const;
      const parts = [caption, { type: 'image_url', image_url: { url: picture } }] as const;
      const outcome = await judge(bench, parts).catch((error: unknown) => ({ error }));
      if ('error' in outcome) {
        assert.ok(UnsupportedParameterError.isInstance(outcome.error), `refused with ${outcome.error}`);
        bench.assertUnasked();
      } else assert.ok((await bench.received()).text.includes(picture), 'the picture was not sent');
    },
  },
  ...operationCases({ say: 'moderations', needs, ask: (bench, options) => judge(bench, texts, options) }),
);
