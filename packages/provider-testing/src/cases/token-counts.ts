import assert from 'node:assert/strict';
import type { CallOptions, Message, Tool } from '@anyllm/core';
import type { Bench } from '../bench/bench.ts';
import { type CaseOf, casesOf } from '../case.ts';
import { operationCases } from './operation-cases.ts';

const input = 'Under the stairs, or in the garden?';
const messages: Message[] = [
  { role: 'system', content: 'Answer like a pirate.' },
  { role: 'user', content: 'Where is the treasure?' },
];
const tools: Tool[] = [
  { type: 'function', function: { name: 'dig_for_treasure', parameters: { type: 'object', properties: {} } } },
];

const needs: CaseOf['needs'] = (_, __, { countTokens }) => countTokens !== undefined;

const count = (bench: Bench, options?: CallOptions) =>
  bench.client.countTokens({ model: bench.model, messages, tools }, bench.limited(options));

const countText = (bench: Bench) => bench.client.countTokens({ model: bench.model, input }, bench.limited());

function assertSent(bench: Bench, ...parts: readonly string[]): void {
  const sent = bench.requests.map(({ text }) => text).join('\n');
  for (const part of parts) assert.ok(sent.includes(part), `"${part}" was not sent`);
}

export const tokenCountCases = casesOf(
  'token-counts',
  {
    name: 'count',
    why: 'Prompts are cut to fit by this number: an estimate in its place fits some of them, and loses the others.',
    needs,
    answers: { say: 'token-count' },
    async run(bench) {
      for (const ask of [count, countText]) {
        const { input_tokens, raw } = await ask(bench);
        assert.equal(input_tokens, bench.content('token-count').tokenCount);
        assert.notEqual(raw, undefined, "the server's answer is not there");
      }
    },
  },
  {
    name: 'conversation',
    why: 'Instructions and tools are part of a prompt: what of it is not sent is not counted.',
    needs,
    answers: { say: 'token-count' },
    async run(bench) {
      await count(bench);
      assertSent(bench, 'Answer like a pirate.', 'Where is the treasure?', 'dig_for_treasure');
    },
  },
  {
    name: 'text',
    why: 'A text by itself is counted as it is, before it becomes a part of any prompt.',
    needs,
    answers: { say: 'token-count' },
    async run(bench) {
      await countText(bench);
      assertSent(bench, input);
    },
  },
  ...operationCases({ say: 'token-count', needs, ask: count }),
);
