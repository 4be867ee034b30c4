import type { Message } from '@anyllm/core/provider';
import { InvalidRequestError, UnsupportedParameterError } from '@anyllm/core/provider';
import { describe, expect, test } from 'vitest';
import { toMistralMessages } from './to-mistral-messages.ts';
import { toToolCallId } from './tool-call-id.ts';

const convert = (messages: Message[], model = 'mistral-small-latest') => toMistralMessages(messages, { model });
const user: Message = { role: 'user', content: 'hi' };
const call = (id: string, text = '{}') => ({ id, type: 'function' as const, function: { name: 'f', arguments: text } });

test.each<[string, Message, unknown]>([
  ['a name, which only OpenAI has, is left out', { role: 'user', name: 'Ann', content: 'hi' }, user],
  [
    'an image keeps its address and detail',
    { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AA', detail: 'low' } }] },
    { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AA', detail: 'low' } }] },
  ],
  [
    'audio is a text',
    { role: 'user', content: [{ type: 'input_audio', input_audio: { data: 'AA', format: 'wav' } }] },
    { role: 'user', content: [{ type: 'input_audio', input_audio: 'AA' }] },
  ],
  [
    "a file's data is a document",
    {
      role: 'user',
      content: [{ type: 'file', file: { file_data: 'data:application/pdf;base64,AA', filename: 'a.pdf' } }],
    },
    {
      role: 'user',
      content: [{ type: 'document_url', document_url: 'data:application/pdf;base64,AA', document_name: 'a.pdf' }],
    },
  ],
  [
    'an uploaded file is named by its id',
    { role: 'user', content: [{ type: 'file', file: { file_id: 'file-1' } }] },
    { role: 'user', content: [{ type: 'file', file_id: 'file-1' }] },
  ],
  [
    'a refusal is what was said',
    { role: 'assistant', content: null, refusal: 'no' },
    { role: 'assistant', content: 'no' },
  ],
  [
    'reasoning goes before the answer',
    { role: 'assistant', content: 'a', reasoning: 'r' },
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: [{ type: 'text', text: 'r' }], closed: true },
        { type: 'text', text: 'a' },
      ],
    },
  ],
  [
    'a signature stays with its reasoning',
    {
      role: 'assistant',
      content: 'a',
      reasoning: 'r',
      reasoning_details: [{ type: 'reasoning.text', text: 'r', signature: 's' }],
    },
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: [{ type: 'text', text: 'r' }], signature: 's', closed: true },
        { type: 'text', text: 'a' },
      ],
    },
  ],
  [
    "another vendor's signature does not",
    {
      role: 'assistant',
      content: null,
      reasoning_details: [{ type: 'reasoning.text', text: 'r', signature: 's', format: 'v1' }],
    },
    { role: 'assistant', content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'r' }], closed: true }] },
  ],
  [
    'a prefix is to be continued',
    { role: 'assistant', content: 'a', prefix: true } as Message,
    { role: 'assistant', content: 'a', prefix: true },
  ],
  [
    'a call without arguments has an empty object',
    { role: 'assistant', content: null, tool_calls: [call('aB3dE6gH9', '')] },
    { role: 'assistant', content: '', tool_calls: [call('aB3dE6gH9')] },
  ],
])('%s', (_, message, expected) => {
  expect(convert([message])).toEqual([expected]);
});

test('a model that does not reason is not told what another thought', () => {
  expect(convert([{ role: 'assistant', content: 'a', reasoning: 'r' }], 'mistral-large-latest')).toEqual([
    { role: 'assistant', content: 'a' },
  ]);
});

test('foreign ids become nine alphanumerics, alike in the call and its result, which names the tool', () => {
  const id = 'call_abcdefghijklmnopqrstuvwx';
  const wire = convert([
    user,
    { role: 'assistant', tool_calls: [call(id)] },
    { role: 'tool', tool_call_id: id, content: 'r' },
  ]);
  const mapped = toToolCallId(id);
  expect(mapped).toMatch(/^[A-Za-z0-9]{9}$/);
  expect(wire.slice(1)).toEqual([
    { role: 'assistant', content: '', tool_calls: [call(mapped)] },
    { role: 'tool', tool_call_id: mapped, name: 'f', content: 'r' },
  ]);
});

test('ids of the demanded form stay, others differ and do so every time alike', () => {
  const ids = Array.from({ length: 2000 }, (_, i) => `call_${i}`);
  expect(toToolCallId('aB3dE6gH9')).toBe('aB3dE6gH9');
  expect(new Set(ids.map(toToolCallId)).size).toBe(ids.length);
  expect(ids.map(toToolCallId)).toEqual(ids.map(toToolCallId));
});

describe('the order of messages', () => {
  const result = (id: string): Message => ({ role: 'tool', tool_call_id: id, content: 'r' });
  const calls: Message = { role: 'assistant', content: null, tool_calls: [call('aaaaaaaaa'), call('bbbbbbbbb')] };
  const roles = (messages: Message[]) => convert(messages).map((message) => (message as Message).role);

  test.each<[string, Message[], string[]]>([
    [
      'an assistant comes between a tool and a user',
      [user, calls, result('aaaaaaaaa'), result('bbbbbbbbb'), user],
      ['user', 'assistant', 'tool', 'tool', 'assistant', 'user'],
    ],
    [
      'and between a tool and a system message',
      [user, calls, result('aaaaaaaaa'), result('bbbbbbbbb'), { role: 'system', content: 's' }, user],
      ['user', 'assistant', 'tool', 'tool', 'assistant', 'system', 'user'],
    ],
    ['an assistant that said nothing is left out', [user, { role: 'assistant', content: '' }, user], ['user', 'user']],
    [
      'also after a tool',
      [user, calls, result('aaaaaaaaa'), result('bbbbbbbbb'), { role: 'assistant', content: null }, user],
      ['user', 'assistant', 'tool', 'tool', 'assistant', 'user'],
    ],
  ])('%s', (_, messages, expected) => {
    expect(roles(messages)).toEqual(expected);
  });
});

test('what has no counterpart is refused', () => {
  const custom: Message = {
    role: 'assistant',
    tool_calls: [{ id: 'a', type: 'custom', custom: { name: 'c', input: '' } }],
  };
  expect(() => convert([custom])).toThrow(UnsupportedParameterError);
  expect(() => convert([{ role: 'user', content: [{ type: 'file', file: {} }] }])).toThrow(InvalidRequestError);
});
