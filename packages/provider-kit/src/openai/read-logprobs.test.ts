import { expect, test } from 'vitest';
import { readLogprobs } from './read-logprobs.ts';

const token = { token: 'a', logprob: -1, bytes: [97], top_logprobs: [] };

test.each([
  ['those of a text', { content: [token] }, { content: [token] }],
  ['those of a refusal', { content: null, refusal: [token] }, { content: null, refusal: [token] }],
  ['none of a refusal', { content: [token], refusal: null }, { content: [token], refusal: null }],
  ['tokens without a text or a number', { content: [token, null, 5, {}, { token: 'b' }, { ...token, logprob: '1' }] }, { content: [token] }], // biome-ignore format: one line
  ['bytes that are none', { content: [{ ...token, bytes: ['x'] }, { token: 'a', logprob: -1 }] }, { content: [{ ...token, bytes: null }, { ...token, bytes: null }] }], // biome-ignore format: one line
  ['other tokens that are none', { content: [{ ...token, top_logprobs: [{ token: 'b' }, 7] }] }, { content: [token] }],
  ['a number beyond all bounds', { content: [{ ...token, logprob: -Infinity }] }, { content: [] }],
  ['a refusal that is a number', { content: [token], refusal: 5 }, { content: [token], refusal: null }],
])('log probabilities: %s', (_, wire, expected) => {
  expect(readLogprobs(wire)).toEqual(expected);
});

test.each([null, 5, 'x', [], {}, { content: 5 }, { content: 'x' }, { content: null, refusal: 5 }])(
  '%j are none',
  (wire) => expect(readLogprobs(wire)).toBeUndefined(),
);
