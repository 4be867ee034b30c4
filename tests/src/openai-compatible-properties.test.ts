import { createClient } from '@anyllm/core';
import { openAICompatible } from '@anyllm/provider-kit/openai';
import { type OpenaiQuirks, type Reply, type Simulator, startSimulator } from '@anyllm/simulator';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

const anyQuirks: fc.Arbitrary<OpenaiQuirks> = fc.record(
  {
    usage: fc.constantFrom('x_groq', 'choice', 'finish', 'every-chunk', 'after-finish'),
    reasoning: fc.constantFrom<OpenaiQuirks['reasoning'] & {}>(
      'reasoning',
      'thinking',
      'reasoning_details',
      'object',
      'twice',
      { open: '<think>', close: '</think>\n\n' },
    ),
    reasoningTokens: fc.constant('beside'),
    content: fc.constant('parts'),
    role: fc.constantFrom('every', 'never', 'empty'),
    unfinished: fc.constantFrom('missing', 'empty'),
    lastDelta: fc.constantFrom('missing', 'message'),
    choiceIndex: fc.constant('missing'),
    toolIndex: fc.constantFrom('missing', 'zero'),
    toolIds: fc.constantFrom('missing', 'every'),
    toolNames: fc.constantFrom('empty', 'every'),
    toolArguments: fc.constantFrom('whole', 'object'),
    identity: fc.constantFrom('missing', 'empty', 'odd'),
    filterResults: fc.boolean(),
    leadingBlanks: fc.boolean(),
  },
  { requiredKeys: [] },
);

const call = fc.record({
  name: fc.constantFrom('f', 'g'),
  arguments: fc.record({ x: fc.integer(), y: fc.string({ maxLength: 8 }) }),
});

const anyReply: fc.Arbitrary<Reply> = fc.record({
  reasoning: fc.constantFrom('', 'Let me see.'),
  text: fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => `a${text}`),
  toolCalls: fc.array(call, { maxLength: 3 }),
  usage: fc.constant({ prompt: 3, completion: 5, reasoning: 2 }),
  wire: fc.record({ comments: fc.boolean(), eventsPerPacket: fc.integer({ min: 1, max: 4 }) }),
});

test('a server may deviate in any number of ways at once', async () => {
  const quirks = { inlineThinkTags: true };
  const provider = openAICompatible({ id: 'x', baseURL: simulator.baseURL.openai, quirks });
  const client = createClient({ providers: [provider], retries: 0 });
  const request = { model: 'x/m', prompt: 'Hi' } as const;
  await fc.assert(
    fc.asyncProperty(anyReply, anyQuirks, async (reply, deviations) => {
      simulator.script({ ...reply, quirks: deviations });
      const whole = await client.completion(request);
      const streamed = await (await client.completion({ ...request, stream: true })).completion();
      for (const { choices, usage } of [whole, streamed]) {
        expect(choices[0]?.message.content).toBe(reply.text);
        expect(choices[0]?.message.reasoning ?? '').toBe(reply.reasoning);
        expect(usage).toMatchObject({ prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 });
        expect((choices[0]?.message.tool_calls ?? []).map(({ type, id, ...made }) => made)).toEqual(
          reply.toolCalls?.map((made) => ({
            function: { name: made.name, arguments: JSON.stringify(made.arguments) },
          })),
        );
      }
    }),
    { numRuns: 100 },
  );
}, 30_000);
