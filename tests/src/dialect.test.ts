import { AnyLLMError } from '@anyllm/core';
import type { ChoiceReply, Reply } from '@anyllm/simulator';
import '@anyllm/provider-mistral';
import '@anyllm/provider-openai';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asking, hi } from './dialect-asking.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 40 });

const toolCall = fc.record({
  id: fc.stringMatching(/^[a-z]{9}$/),
  name: fc.constantFrom('f', 'g'),
  arguments: fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 3 }),
});

const choice: fc.Arbitrary<ChoiceReply> = fc.record(
  {
    text,
    reasoning: text,
    toolCalls: fc.uniqueArray(toolCall, { minLength: 1, maxLength: 3, selector: ({ id }) => id }),
    toolCallFragments: fc.integer({ min: 1, max: 5 }),
    finishReason: fc.constantFrom('stop', 'length', 'tool_calls', 'invented'),
  },
  { requiredKeys: ['text'] },
);

const reply: fc.Arbitrary<Reply> = fc.record({
  choices: fc.array(choice, { minLength: 1, maxLength: 3 }),
  wire: fc.record({
    chunkBytes: fc.constant('random' as const),
    newline: fc.constantFrom('\n', '\r\n', '\r'),
    comments: fc.boolean(),
    bom: fc.boolean(),
  }),
});

const anyChoice = fc.record({
  index: fc.jsonValue({ maxDepth: 0 }),
  delta: fc.jsonValue({ maxDepth: 2 }),
  message: fc.oneof(fc.record({ content: fc.jsonValue(), tool_calls: fc.jsonValue() }), fc.jsonValue()),
  logprobs: fc.jsonValue({ maxDepth: 1 }),
  finish_reason: fc.constantFrom('stop', null, '', 7),
});

describe.each([
  ['openai', 'gpt-4o'],
  ['mistral', 'mistral-small-latest'],
] as const)('%s', (vendor, model) => {
  const { bothWays } = asking(vendor, model);

  test('whole and streamed answers are the same, whatever they hold and however the bytes come', async () => {
    await fc.assert(
      fc.asyncProperty(reply, async (script) => {
        const { whole, streamed } = await bothWays({ messages: hi }, withoutByteOrderMarkForWhole(script));
        expect({ ...streamed, system_fingerprint: '' }).toEqual({ ...whole, system_fingerprint: '' });
      }),
      { numRuns: 60 },
    );
  });

  test('JSON of any shape is an answer or a typed error, whole and streamed', async () => {
    const chunk = fc.record({ choices: fc.array(anyChoice, { maxLength: 2 }), usage: fc.jsonValue({ maxDepth: 1 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(chunk, { minLength: 1, maxLength: 4 }), async (chunks) => {
        const script = ({ body }: { body: unknown }): Reply =>
          (body as { stream?: boolean }).stream ? { events: [...chunks, '[DONE]'] } : { body: chunks[0] as object };
        const outcome = await bothWays({ messages: hi }, script).catch((error) => error);
        if (outcome instanceof Error && !AnyLLMError.isInstance(outcome)) throw outcome;
        expect(outcome instanceof Error && outcome.message).not.toContain('the provider failed');
      }),
      { numRuns: 60 },
    );
  });
});

/** JSON has none. */
function withoutByteOrderMarkForWhole(script: Reply) {
  return ({ body }: { body: unknown }): Reply =>
    (body as { stream?: boolean }).stream ? script : { ...script, wire: {} };
}
