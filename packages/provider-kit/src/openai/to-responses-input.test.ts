import { type Message, UnsupportedParameterError } from '@anyllm/core/provider';
import { expect, test } from 'vitest';
import { toResponsesInput, toResponsesTools } from './to-responses-input.ts';

test.each<[string, Message, object[]]>([
  ['a text', { role: 'user', content: 'Hi' }, [{ role: 'user', content: 'Hi' }]],
  [
    'parts',
    {
      role: 'user',
      content: [
        { type: 'text', text: 'Look' },
        { type: 'image_url', image_url: { url: 'https://a.example/b.png', detail: 'low' } },
        { type: 'file', file: { file_id: 'f1' } },
      ],
    },
    [
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'Look' },
          { type: 'input_image', image_url: 'https://a.example/b.png', detail: 'low' },
          { type: 'input_file', file_id: 'f1' },
        ],
      },
    ],
  ],
  [
    'what the model said and called',
    {
      role: 'assistant',
      content: 'Wait',
      tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } }],
    },
    [
      { role: 'assistant', content: [{ type: 'output_text', text: 'Wait' }] },
      { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}' },
    ],
  ],
  [
    'a refusal',
    { role: 'assistant', refusal: 'No' },
    [{ role: 'assistant', content: [{ type: 'refusal', refusal: 'No' }] }],
  ],
  ['nothing', { role: 'assistant', content: null }, []],
  [
    'a result',
    { role: 'tool', tool_call_id: 'c1', content: [{ type: 'text', text: '7' }] },
    [{ type: 'function_call_output', call_id: 'c1', output: '7' }],
  ],
])('%s', (_, message, items) => {
  expect(toResponsesInput('openai', [message])).toEqual(items);
});

test('the result of a custom tool is one, and its tool has the grammar in place', () => {
  const call: Message = {
    role: 'assistant',
    tool_calls: [{ id: 'c', type: 'custom', custom: { name: 'f', input: 'x' } }],
  };
  expect(toResponsesInput('openai', [call, { role: 'tool', tool_call_id: 'c', content: '7' }])).toEqual([
    { type: 'custom_tool_call', call_id: 'c', name: 'f', input: 'x' },
    { type: 'custom_tool_call_output', call_id: 'c', output: '7' },
  ]);
  const format = { type: 'grammar', grammar: { definition: 'd', syntax: 'lark' } };
  expect(toResponsesTools([{ type: 'custom', custom: { name: 'f', format } }])).toEqual([
    { type: 'custom', name: 'f', format: { type: 'grammar', definition: 'd', syntax: 'lark' } },
  ]);
});

test('a recording is refused with its path', () => {
  const recording = { type: 'input_audio' as const, input_audio: { data: 'AA', format: 'wav' } };
  const count = () => toResponsesInput('openai', [{ role: 'user', content: [recording] }]);
  expect(count).toThrow(UnsupportedParameterError);
  expect(count).toThrow('messages[0].content');
});
