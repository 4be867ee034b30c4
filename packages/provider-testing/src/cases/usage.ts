import assert from 'node:assert/strict';
import type { ChatCompletion, Usage } from '@anyllm/core';
import { casesOf } from '../case.ts';
import type { ContentUsage } from '../scenario.ts';

function assertTotals({ usage }: ChatCompletion, expected: ContentUsage | undefined): void {
  assert.ok(usage, 'there is no usage');
  assert.equal(usage.prompt_tokens, expected?.prompt, 'prompt tokens');
  assert.equal(usage.completion_tokens, expected?.completion, 'completion tokens');
  assert.equal(usage.total_tokens, Number(expected?.prompt) + Number(expected?.completion), 'all tokens');
}

export const usageCases = casesOf(
  'usage',
  {
    name: 'whole',
    why: 'Usage is what is paid: it has to be what the vendor counted.',
    answers: { say: 'usage' },
    run: async (bench) => assertTotals(await bench.complete(), bench.content('usage').usage),
  },
  {
    name: 'streamed',
    why: 'Streams tell their usage at the very end, some only when asked, some more than once: it counts, and counts once.',
    answers: { say: 'usage' },
    run: async (bench) => assertTotals(await bench.fold(), bench.content('usage').usage),
  },
  {
    name: 'streamed-chunks',
    why: 'A usage in a chunk is the total so far: a program that keeps the last one has to be right.',
    answers: { say: 'usage', layout: { chunkBytes: 5 } },
    async run(bench) {
      let last: Usage | undefined;
      for await (const { usage } of await bench.stream()) last = usage ?? last;
      assert.equal(last?.prompt_tokens, bench.content('usage').usage?.prompt);
      assert.equal(last?.completion_tokens, bench.content('usage').usage?.completion);
    },
  },
  {
    name: 'unstated',
    why: 'Zero is a number like others: where the vendor states none, none may stand there.',
    answers: { say: 'no-usage' },
    run: (bench) => bench.bothWays(async (ask) => assert.equal((await ask()).usage, undefined)),
  },
  {
    name: 'cached-tokens',
    why: 'Cached tokens are part of the prompt and cheaper: lost or counted twice, every cost is wrong.',
    answers: { say: 'cached-tokens' },
    run: (bench) =>
      bench.bothWays(async (ask) => {
        const answer = await ask();
        const { usage } = bench.content('cached-tokens');
        assertTotals(answer, usage);
        assert.equal(answer.usage?.prompt_tokens_details?.cached_tokens, usage?.cached);
      }),
  },
  {
    name: 'reasoning-tokens',
    why: 'Reasoning tokens are part of the completion, also where the vendor counts them beside it.',
    answers: { say: 'reasoning-tokens' },
    run: (bench) =>
      bench.bothWays(async (ask) => {
        const answer = await ask();
        const { usage } = bench.content('reasoning-tokens');
        assertTotals(answer, usage);
        assert.equal(answer.usage?.completion_tokens_details?.reasoning_tokens, usage?.reasoning);
      }),
  },
);
