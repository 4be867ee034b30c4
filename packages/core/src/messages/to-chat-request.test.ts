import { describe, expect, test } from 'vitest';
import type { MessagesParameters, MessagesTurn } from '../contract/messages.ts';
import { UnsupportedParameterError } from '../errors/errors.ts';
import { toChatRequest } from './to-chat-request.ts';

const hi: MessagesTurn = { role: 'user', content: 'Hi' };
const toChat = (parameters: Partial<MessagesParameters>) =>
  toChatRequest({ max_tokens: 100, messages: [hi], ...parameters });
const messagesOf = (...messages: MessagesTurn[]) => toChat({ messages }).request.messages;
const refusalOf = (parameters: object): unknown => {
  try {
    toChat(parameters);
  } catch (error) {
    return error;
  }
  throw new Error('it was not refused');
};

const tool = { name: 'f', input_schema: { type: 'object' } };

describe('parameters', () => {
  test.each<[Partial<MessagesParameters>, object]>([
    [{}, {}],
    [
      { temperature: 0, top_p: 0.5 },
      { temperature: 0, top_p: 0.5 },
    ],
    [{ stop_sequences: ['END'] }, { stop: ['END'] }],
    [{ stop_sequences: [] }, {}],
    [
      { metadata: { user_id: 'u' }, service_tier: 'standard_only' },
      { user: 'u', service_tier: 'default' },
    ],
    [{ thinking: { type: 'disabled' } }, { reasoning_effort: 'none' }],
    [{ thinking: { type: 'adaptive' } }, {}],
    [{ thinking: { type: 'enabled', budget_tokens: 1024 } }, { reasoning_effort: 'minimal' }],
    [{ thinking: { type: 'enabled', budget_tokens: 1025 } }, { reasoning_effort: 'low' }],
    [{ thinking: { type: 'enabled', budget_tokens: 8192 } }, { reasoning_effort: 'medium' }],
    [{ thinking: { type: 'enabled', budget_tokens: 24_577 } }, { reasoning_effort: 'xhigh' }],
    [{ thinking: { type: 'adaptive' }, output_config: { effort: 'max' } }, { reasoning_effort: 'max' }],
    [{ tools: [] }, {}],
    [{ tool_choice: { type: 'any' } }, { tool_choice: 'required' }],
    [{ tool_choice: { type: 'none' } }, { tool_choice: 'none' }],
    [{ tool_choice: { type: 'tool', name: 'f' } }, { tool_choice: { type: 'function', function: { name: 'f' } } }],
    [
      { tool_choice: { type: 'auto', disable_parallel_tool_use: true } },
      { tool_choice: 'auto', parallel_tool_calls: false },
    ],
    [{ provider_options: { ollama: { think: true } } }, { provider_options: { ollama: { think: true } } }],
  ])('%j', (parameters, expected) => {
    expect(toChat(parameters).request).toEqual({
      messages: [{ role: 'user', content: 'Hi' }],
      max_tokens: 100,
      ...expected,
    });
  });

  test('tools become functions, schemas as they are', () => {
    const { request } = toChat({ tools: [{ ...tool, description: 'F', strict: true }] });
    expect(request.tools).toEqual([
      { type: 'function', function: { name: 'f', description: 'F', parameters: { type: 'object' }, strict: true } },
    ]);
  });

  test('a format is named by the title of its schema', () => {
    const format = (schema: Record<string, unknown>) =>
      toChat({ output_config: { format: { type: 'json_schema', schema } } }).request.response_format;
    expect(format({ title: 'A city!' })).toMatchObject({ json_schema: { name: 'A_city_' } });
    expect(format({})).toEqual({ type: 'json_schema', json_schema: { name: 'structured_output', schema: {} } });
  });
});

describe('messages', () => {
  test('the system text is the first; its blocks are paragraphs', () => {
    const system = [
      { type: 'text' as const, text: 'A' },
      { type: 'text' as const, text: 'B' },
    ];
    expect(toChat({ system }).request.messages[0]).toEqual({ role: 'system', content: 'A\n\nB' });
    expect(toChat({ system: '' }).request.messages).toHaveLength(1);
  });

  test('results of tools come first, a failed one says so', () => {
    const content: MessagesTurn['content'] = [
      { type: 'tool_result', tool_use_id: 'b', content: '4' },
      { type: 'tool_result', tool_use_id: 'a', is_error: true, content: [{ type: 'text', text: 'no station' }] },
      { type: 'tool_result', tool_use_id: 'c' },
      { type: 'text', text: 'In Celsius.' },
    ];
    expect(messagesOf({ role: 'user', content })).toEqual([
      { role: 'tool', tool_call_id: 'b', content: '4' },
      { role: 'tool', tool_call_id: 'a', content: 'Error: no station' },
      { role: 'tool', tool_call_id: 'c', content: '' },
      { role: 'user', content: 'In Celsius.' },
    ]);
  });

  test('an image in a result moves to the message after it, with a warning', () => {
    const image = {
      type: 'image' as const,
      source: { type: 'base64' as const, media_type: 'image/png', data: 'AA==' },
    };
    const { request, warnings } = toChat({
      messages: [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: [image] }] }],
    });
    expect(request.messages).toEqual([
      { role: 'tool', tool_call_id: 'a', content: '' },
      { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } }] },
    ]);
    expect(warnings).toMatchObject([{ code: 'parameter_adjusted', parameter: 'messages[0].content[0]' }]);
  });

  test('documents and search results become files and text', () => {
    const source = { type: 'base64' as const, media_type: 'application/pdf', data: 'AA==' };
    const content: MessagesTurn['content'] = [
      { type: 'document', source, title: 'a.pdf' },
      {
        type: 'document',
        source: { type: 'text', media_type: 'text/plain', data: 'Plain.' },
        title: 'T',
        context: 'C',
      },
      { type: 'search_result', source: 'https://a.example', title: 'R', content: [{ type: 'text', text: 'Found.' }] },
    ];
    expect(messagesOf({ role: 'user', content })).toEqual([
      {
        role: 'user',
        content: [
          { type: 'file', file: { file_data: 'data:application/pdf;base64,AA==', filename: 'a.pdf' } },
          { type: 'text', text: 'T\nC' },
          { type: 'text', text: 'Plain.' },
          { type: 'text', text: 'R\nhttps://a.example\nFound.' },
        ],
      },
    ]);
  });

  test('an assistant turn keeps its text beside calls, and its thinking with the signature', () => {
    const content: MessagesTurn['content'] = [
      { type: 'thinking', thinking: 'Hm.', signature: 'sig' },
      { type: 'redacted_thinking', data: 'opaque' },
      { type: 'text', text: 'Looking' },
      { type: 'text', text: '.' },
      { type: 'tool_use', id: 'toolu_a', name: 'f', input: { city: 'Oslo' } },
    ];
    expect(messagesOf({ role: 'assistant', content })).toEqual([
      {
        role: 'assistant',
        content: 'Looking.',
        tool_calls: [{ id: 'toolu_a', type: 'function', function: { name: 'f', arguments: '{"city":"Oslo"}' } }],
        reasoning: 'Hm.',
        reasoning_details: [
          { type: 'reasoning.text', text: 'Hm.', signature: 'sig' },
          { type: 'reasoning.encrypted', data: 'opaque' },
        ],
      },
    ]);
  });

  test('a turn of which nothing is left is left out', () => {
    const blocks = [{ type: 'server_tool_use' as const, id: 's', name: 'web_search', input: {} }];
    const { request, warnings } = toChat({ messages: [hi, { role: 'assistant', content: blocks }, hi] });
    expect(request.messages.map(({ role }) => role)).toEqual(['user', 'user']);
    expect(warnings).toMatchObject([{ code: 'parameter_dropped', parameter: 'messages[1].content[0]' }]);
  });
});

describe('what has no counterpart', () => {
  const marked = { type: 'text' as const, text: 'A', cache_control: { type: 'ephemeral' as const } };

  test('is left out with a warning, once, where it only tunes', () => {
    const { request, warnings } = toChat({
      top_k: 5,
      system: [marked],
      messages: [{ role: 'user', content: [marked] }],
      tools: [{ ...tool, cache_control: { type: 'ephemeral' }, input_examples: [{}] }],
    });
    expect(JSON.stringify(request)).not.toContain('cache_control');
    expect(warnings.map(({ code, parameter }) => [code, parameter])).toEqual([
      ['parameter_dropped', 'top_k'],
      ['parameter_dropped', 'cache_control'],
      ['parameter_dropped', 'tools[0].input_examples'],
    ]);
  });

  const imageOf = (source: object) => ({ messages: [{ role: 'user', content: [{ type: 'image', source }] }] });

  test.each([
    [{ mcp_servers: [{}] }, 'mcp_servers'],
    [{ context_management: {} }, 'context_management'],
    [{ inference_geo: 'eu' }, 'inference_geo'],
    [{ tools: [{ type: 'web_search_20250305', name: 'web_search' }] }, 'tools[0]'],
    [imageOf({ type: 'file', file_id: 'file_1' }), 'messages[0].content[0].source'],
  ])('%j is refused', (parameters, parameter) => {
    const error = refusalOf(parameters);
    expect(error).toBeInstanceOf(UnsupportedParameterError);
    expect(error).toMatchObject({ parameter });
  });

  test('is no matter where it asks for nothing', () => {
    expect(toChat({ container: null, inference_geo: null } as object).warnings).toEqual([]);
  });
});
