import { expect, test } from 'vitest';
import type { ChunkDelta } from '../contract/chat-completion.ts';
import { type AnswerBlock, BlockSequence } from './block-sequence.ts';

/** What is told of a sequence of deltas, a block in a line: `kind name: piece|piece`; one that has not ended lacks its dot. */
function tell(...deltas: ChunkDelta[]): string[] {
  const lines: string[] = [];
  const add = (text: string) => lines.push(`${lines.pop()}${text}`);
  const blocks = new BlockSequence({
    started: ({ index, kind, name }: AnswerBlock) => lines.push(`${index} ${kind} ${name}`.trim()),
    grew: (_, text) => add(`|${text}`),
    annotated: (_, { type }) => add(`|(${type})`),
    ended: ({ detail }) => add(detail.signature ? ` signed ${detail.signature}.` : '.'),
  });
  for (const delta of deltas) blocks.add(delta);
  blocks.end();
  return lines;
}

const call = (index: number, text: string, name?: string): ChunkDelta => ({
  tool_calls: [{ index, ...(name && { id: `call_${name}` }), function: { ...(name && { name }), arguments: text } }],
});

const thought = (text: string | undefined, more: object = {}): ChunkDelta => ({
  reasoning_details: [{ type: 'reasoning.text', ...(text !== undefined && { text }), ...more }],
});

test('text, reasoning and refusals follow each other as blocks of their own', () => {
  const deltas = [{ reasoning: 'Hm' }, { reasoning: '!' }, { content: 'A' }, { content: 'B' }, { refusal: 'No' }];
  expect(tell(...deltas)).toEqual(['0 reasoning|Hm|!.', '1 text|A|B.', '2 refusal|No.']);
});

test('a role and empty pieces are no blocks', () => {
  expect(tell({ role: 'assistant', content: '' }, { content: null, reasoning: '', refusal: '' })).toEqual([]);
});

test('a call ends where the next one begins', () => {
  expect(tell(call(0, '', 'f'), call(0, '{"a":1}'), call(1, '', 'g'), call(1, '{"b":2}'))).toEqual([
    '0 function f|{"a":1}.',
    '1 function g|{"b":2}.',
  ]);
});

test('mixed fragments are told one call after the other', () => {
  const mixed = [call(0, '{"x"', 'f'), call(1, '{"y"', 'g'), call(0, ':1}'), call(1, ':2}')];
  expect(tell(...mixed)).toEqual(['0 function f|{"x"|:1}.', '1 function g|{"y"|:2}.']);
});

test('a call that never becomes whole ends with the answer, and so do those behind it', () => {
  expect(tell(call(0, '{"x', 'f'), call(1, '{}', 'g'), { content: 'text' })).toEqual([
    '0 function f|{"x.',
    '1 function g|{}.',
    '2 text|text.',
  ]);
});

test('empty arguments may be but the beginning', () => {
  expect(tell(call(0, '{}', 'f'), call(1, '{"y":1}', 'g'))).toEqual(['0 function f|{}.', '1 function g|{"y":1}.']);
});

test('pieces of one thought grow together until it is signed', () => {
  expect(tell(thought('a'), thought('b'), thought(undefined, { signature: 's' }), thought('c'))).toEqual([
    '0 reasoning|a|b signed s.',
    '1 reasoning|c.',
  ]);
});

test('thoughts of another index, and encrypted ones, stand for themselves', () => {
  const encrypted = { reasoning_details: [{ type: 'reasoning.encrypted', data: 'x' }] };
  expect(tell(thought('a', { index: 0 }), thought('b', { index: 1 }), encrypted, encrypted)).toEqual([
    '0 reasoning|a.',
    '1 reasoning|b.',
    '2 reasoning.',
    '3 reasoning.',
  ]);
});

test('text that stands in the details too is told once', () => {
  expect(tell({ reasoning: 'a', ...thought('a') })).toEqual(['0 reasoning|a.']);
  expect(tell({ reasoning: 'a', reasoning_details: [{ type: 'reasoning.encrypted', data: 'x' }] })).toEqual([
    '0 reasoning|a.',
    '1 reasoning.',
  ]);
});

test('an annotation belongs to the text before it', () => {
  expect(tell({ content: 'A' }, { annotations: [{ type: 'url_citation' }] })).toEqual(['0 text|A|(url_citation).']);
});
