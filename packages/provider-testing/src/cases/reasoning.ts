import assert from 'node:assert/strict';
import type { Message } from '@anyllm/core';
import type { Capabilities } from '@anyllm/core/provider';
import type { Bench } from '../bench/bench.ts';
import { casesOf } from '../case.ts';
import { textOf } from '../contents.ts';

const needs = ({ reasoning }: Capabilities) => reasoning;

function expected(bench: Bench) {
  const [choice] = bench.content('reasoning').choices;
  assert.ok(choice);
  return { reasoning: choice.reasoning, text: textOf(choice) };
}

export const reasoningCases = casesOf(
  'reasoning',
  {
    name: 'whole',
    why: 'What a model thought is kept apart from what it said: mixed up, users read the notes as the answer.',
    needs,
    answers: { say: 'reasoning' },
    async run(bench) {
      const { choices, text } = await bench.complete({ model: bench.reasoningModel });
      assert.deepEqual({ reasoning: choices[0]?.message.reasoning, text }, expected(bench));
    },
  },
  {
    name: 'streamed',
    why: 'Minutes of thought are shown while they come, and none of it may be lost.',
    needs,
    answers: { say: 'reasoning', layout: { chunkBytes: 7 } },
    async run(bench) {
      const stream = await bench.stream({ model: bench.reasoningModel });
      let reasoning = '';
      for await (const { choices } of stream) reasoning += choices[0]?.delta.reasoning ?? '';
      const { choices, text } = await stream.completion();
      assert.deepEqual({ reasoning, text }, expected(bench));
      assert.equal(choices[0]?.message.reasoning, reasoning);
    },
  },
  {
    name: 'round-trip',
    why: 'The answer goes back as it came, reasoning and all: a vendor that refuses its own words ends every conversation.',
    needs,
    answers: [{ say: 'reasoning' }, { say: 'text' }],
    async run(bench) {
      const model = bench.reasoningModel;
      const question: Message = { role: 'user', content: 'What is six times seven?' };
      const { choices, text } = await bench.fold({ model, messages: [question] });
      const message = choices[0]?.message as Message;
      const before = structuredClone(message);
      await bench.complete({ model, messages: [question, message, { role: 'user', content: 'And why?' }] });
      assert.deepEqual(message, before, 'the message was changed');
      assert.ok((await bench.received(1)).text.includes(text), 'what the model had said was not sent back');
    },
  },
);
