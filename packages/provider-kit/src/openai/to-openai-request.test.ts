import { type ChatRequest, InvalidRequestError, type Message, type ProviderContext } from '@anyllm/core/provider';
import { expect, test } from 'vitest';
import type { Quirks } from './quirks.ts';
import { toOpenAIRequest } from './to-openai-request.ts';

const hi: Message = { role: 'user', content: 'Hi' };

function toBody(request: Partial<ChatRequest>, quirks: Quirks = {}, stream = false) {
  return toOpenAIRequest('x', { model: 'm', messages: [hi], ...request }, {} as ProviderContext, quirks, stream);
}

const thought: Message = {
  role: 'assistant',
  content: 'a',
  reasoning: 'r',
  reasoning_details: [{ type: 'reasoning.text', text: 'r', signature: 's' }],
};

test.each<[string, Quirks, object]>([
  ['not at all by default', {}, {}],
  ['in the field that the server names', { reasoningInHistory: 'reasoning_content' }, { reasoning_content: 'r' }],
  [
    'in pieces with their signatures',
    { reasoningInHistory: 'reasoning_details' },
    { reasoning_details: thought.reasoning_details },
  ],
])('reasoning goes back %s', (_, quirks, expected) => {
  expect(toBody({ messages: [thought] }, quirks).messages).toEqual([{ role: 'assistant', content: 'a', ...expected }]);
});

test.each<[string, Partial<ChatRequest>, Quirks, boolean, object]>([
  ['the newer bound wins', { max_tokens: 1, max_completion_tokens: 2 }, {}, false, { max_tokens: 2 }],
  [
    'the bound has the name that the server knows',
    { max_tokens: 1 },
    { maxTokensField: 'max_completion_tokens' },
    false,
    { max_completion_tokens: 1 },
  ],
  [
    'a parameter has the name that the server knows',
    { seed: 1 },
    { renameParams: { seed: 'random_seed' } },
    false,
    { random_seed: 1 },
  ],
  [
    'a stream asks for usage',
    { stream_options: { include_usage: false, include_obfuscation: false } },
    {},
    true,
    { stream: true, stream_options: { include_usage: true, include_obfuscation: false } },
  ],
  [
    'unless it comes unasked',
    { stream_options: { include_usage: true } },
    { includeUsage: false },
    true,
    { stream: true },
  ],
  ['a whole answer has no stream options', { stream_options: { include_usage: true } }, {}, false, {}],
  ['what is said of tools needs some', { tool_choice: 'none', parallel_tool_calls: true }, {}, false, {}],
  [
    'the last word is the caller’s',
    { provider_options: { x: { seed: 2 }, y: { seed: 3 } }, seed: 1 },
    { adjustBody: (body) => ({ ...body, seed: 9 }) },
    false,
    { seed: 2 },
  ],
])('%s', (_, request, quirks, stream, expected) => {
  expect(toBody(request, quirks, stream)).toEqual({ model: 'm', messages: [hi], ...expected });
});

test('a tool that is asked for has to be there', () => {
  expect(() => toBody({ tool_choice: 'required' })).toThrow(InvalidRequestError);
});
