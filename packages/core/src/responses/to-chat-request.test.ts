import { describe, expect, test } from 'vitest';
import type { ResponsesInputItem, ResponsesParameters } from '../contract/responses.ts';
import { UnsupportedParameterError } from '../errors/errors.ts';
import { toChatRequest } from './to-chat-request.ts';

const toChat = (parameters: Partial<ResponsesParameters>) => toChatRequest({ input: 'Hi', ...parameters });
const messagesOf = (...input: ResponsesInputItem[]) => toChat({ input }).request.messages;
const hi = { role: 'user', content: 'Hi' } as const;

const schema = { type: 'object' };
const fn = { type: 'function', name: 'f', parameters: schema, strict: false } as const;
const gn = { type: 'function', name: 'g', parameters: null } as const;
const chatFn = { type: 'function', function: { name: 'f', parameters: schema, strict: false } };
const chatGn = { type: 'function', function: { name: 'g' } };

describe('parameters', () => {
  test.each<[Partial<ResponsesParameters>, object]>([
    [{}, {}],
    [
      { temperature: 0, top_p: null, user: 'u', metadata: { a: 'b' } },
      { temperature: 0, user: 'u', metadata: { a: 'b' } },
    ],
    [{ max_output_tokens: 50 }, { max_completion_tokens: 50 }],
    [
      { reasoning: { effort: 'low' }, text: { verbosity: 'high' } },
      { reasoning_effort: 'low', verbosity: 'high' },
    ],
    [{ text: { format: { type: 'text' } } }, {}],
    [{ text: { format: { type: 'json_object' } } }, { response_format: { type: 'json_object' } }],
    [
      { text: { format: { type: 'json_schema', name: 'n', schema, strict: true } } },
      { response_format: { type: 'json_schema', json_schema: { name: 'n', schema, strict: true } } },
    ],
    [{ tools: [], parallel_tool_calls: true }, {}],
    [
      { tools: [fn], parallel_tool_calls: false },
      { tools: [chatFn], parallel_tool_calls: false },
    ],
    [
      { tools: [{ type: 'custom', name: 'c', format: { type: 'grammar', syntax: 'lark', definition: 'd' } }] },
      {
        tools: [
          {
            type: 'custom',
            custom: { name: 'c', format: { type: 'grammar', grammar: { syntax: 'lark', definition: 'd' } } },
          },
        ],
      },
    ],
    [
      { tools: [fn], tool_choice: 'required' },
      { tools: [chatFn], tool_choice: 'required' },
    ],
    [
      { tools: [fn], tool_choice: { type: 'function', name: 'f' } },
      { tools: [chatFn], tool_choice: { type: 'function', function: { name: 'f' } } },
    ],
    [
      {
        tools: [fn, gn],
        tool_choice: { type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'g' }] },
      },
      { tools: [chatGn], tool_choice: 'required' },
    ],
    [{ previous_response_id: null, background: false, store: false, include: ['reasoning.encrypted_content'] }, {}],
    [{ provider_options: { ollama: { think: true } } }, { provider_options: { ollama: { think: true } } }],
  ])('%j', (parameters, expected) => {
    expect(toChat(parameters)).toEqual({ request: { messages: [hi], ...expected }, warnings: [] });
  });
});

describe('input', () => {
  test('instructions come first; roles stay as they are', () => {
    const { request } = toChat({ instructions: 'Be brief.', input: [{ role: 'developer', content: 'Now.' }, hi] });
    expect(request.messages).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'developer', content: 'Now.' },
      hi,
    ]);
  });

  test('parts become those of chat', () => {
    const content = [
      { type: 'input_text' as const, text: 'See' },
      { type: 'input_image' as const, image_url: 'https://a.example/x.png', detail: 'low' as const },
      { type: 'input_file' as const, file_data: 'data:application/pdf;base64,AA==', filename: 'a.pdf' },
    ];
    expect(messagesOf({ type: 'message', role: 'user', content })).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'See' },
          { type: 'image_url', image_url: { url: 'https://a.example/x.png', detail: 'low' } },
          { type: 'file', file: { file_data: 'data:application/pdf;base64,AA==', filename: 'a.pdf' } },
        ],
      },
    ]);
  });

  test('what a model thought, said and called in one turn is one message', () => {
    const items: ResponsesInputItem[] = [
      hi,
      { type: 'reasoning', id: 'rs', summary: [], content: [{ type: 'reasoning_text', text: 'Hm.' }] },
      {
        type: 'message',
        id: 'm',
        role: 'assistant',
        status: 'completed',
        content: [{ type: 'output_text', text: 'Wait.', annotations: [] }],
      },
      { type: 'function_call', id: 'fc', call_id: 'a', name: 'f', arguments: '{}' },
      { type: 'function_call', call_id: 'b', name: 'f', arguments: '{"x":1}' },
      { type: 'function_call_output', call_id: 'a', output: '4' },
      { type: 'function_call_output', call_id: 'b', output: [{ type: 'input_text', text: '5' }] },
      { role: 'assistant', content: 'Four and five.' },
    ];
    expect(messagesOf(...items)).toEqual([
      hi,
      {
        role: 'assistant',
        content: 'Wait.',
        reasoning: 'Hm.',
        tool_calls: [
          { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } },
          { id: 'b', type: 'function', function: { name: 'f', arguments: '{"x":1}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'a', content: '4' },
      { role: 'tool', tool_call_id: 'b', content: '5' },
      { role: 'assistant', content: 'Four and five.' },
    ]);
  });

  test('two answers in a row are two messages', () => {
    expect(messagesOf({ role: 'assistant', content: 'A' }, { role: 'assistant', content: 'B' })).toHaveLength(2);
  });

  test('images in outputs stand after all of them, with a warning', () => {
    const output = [{ type: 'input_image' as const, image_url: 'data:image/png;base64,AA==' }];
    const { request, warnings } = toChat({
      input: [
        { type: 'function_call', call_id: 'a', name: 'f', arguments: '{}' },
        { type: 'function_call', call_id: 'b', name: 'f', arguments: '{}' },
        { type: 'function_call_output', call_id: 'a', output },
        { type: 'function_call_output', call_id: 'b', output: 'none' },
        { role: 'assistant', content: 'I see.' },
      ],
    });
    expect(request.messages.map(({ role }) => role)).toEqual(['assistant', 'tool', 'tool', 'user', 'assistant']);
    expect(warnings).toMatchObject([{ code: 'parameter_adjusted', parameter: 'input[2]' }]);
  });

  test("another vendor's reasoning goes along as text only, with a warning", () => {
    const summary = [
      { type: 'summary_text' as const, text: 'A' },
      { type: 'summary_text' as const, text: 'B' },
    ];
    const { request, warnings } = toChat({ input: [{ type: 'reasoning', summary, encrypted_content: 'gAAAA' }, hi] });
    expect(request.messages[0]).toEqual({ role: 'assistant', content: null, reasoning: 'A\n\nB' });
    expect(warnings).toMatchObject([{ code: 'parameter_adjusted', parameter: 'input[0]' }]);
  });
});

describe('what has no counterpart', () => {
  test.each<[object, string]>([
    [{ previous_response_id: 'resp_1' }, 'previous_response_id'],
    [{ conversation: 'conv_1' }, 'conversation'],
    [{ background: true }, 'background'],
    [{ prompt: { id: 'p' } }, 'prompt'],
    [{ top_logprobs: 2 }, 'top_logprobs'],
    [{ include: ['message.output_text.logprobs'] }, 'include[0]'],
    [{ tools: [fn, { type: 'web_search' }] }, 'tools[1]'],
    [{ tool_choice: { type: 'mcp', server_label: 's' } }, 'tool_choice'],
    [{ input: [{ type: 'item_reference', id: 'x' }] }, 'input[0]'],
    [{ input: [{ role: 'user', content: [{ type: 'input_image', file_id: 'f' }] }] }, 'input[0].content[0]'],
    [
      { input: [{ role: 'user', content: [{ type: 'input_file', file_url: 'https://a.example' }] }] },
      'input[0].content[0]',
    ],
  ])('%j is refused', (parameters, parameter) => {
    expect(() => toChat(parameters)).toThrow(UnsupportedParameterError);
    expect(() => toChat(parameters)).toThrow(expect.objectContaining({ parameter }));
  });

  test('is left out with a warning where it only tunes', () => {
    const { warnings } = toChat({
      store: true,
      truncation: 'auto',
      max_tool_calls: 3,
      reasoning: { effort: 'low', summary: 'auto' },
      input: [hi, { type: 'web_search_call', id: 'ws' }],
    });
    expect(warnings.map(({ code, parameter }) => [code, parameter])).toEqual([
      ['parameter_dropped', 'store'],
      ['parameter_dropped', 'truncation'],
      ['parameter_dropped', 'max_tool_calls'],
      ['parameter_dropped', 'reasoning.summary'],
      ['parameter_dropped', 'input[1]'],
    ]);
  });
});
