import { expect, test } from 'vitest';
import type { Capabilities, ChatRequest } from '../contract/provider.ts';
import { defineProvider } from '../registry/define-provider.ts';
import { checkCapabilities } from './check-capabilities.ts';

function providerWith(capabilities: Partial<Capabilities>) {
  return defineProvider({ id: 'p', capabilities, complete: async () => ({}) as never, async *stream() {} });
}

const bare = providerWith({});
const full = providerWith({
  parameters: ['temperature', 'tools', 'tool_choice', 'response_format', 'n', 'stop'],
  content: ['image_data'],
  responseFormats: ['json_object'],
  toolChoices: ['none'],
});
const user = (content: unknown) => ({ messages: [{ role: 'user', content }] }) as Partial<ChatRequest>;
const request = (more: object): ChatRequest => ({ model: 'm', messages: [{ role: 'user', content: 'Hi' }], ...more });
const tool = { type: 'function', function: { name: 'f' } };

test.each<[object]>([
  [{ temperature: 1 }],
  [{ seed: 1 }],
  [{ user: 'me' }],
  [{ frequency_penalty: 0 }],
  [{ reasoning_effort: 'low' }],
  [{ parallel_tool_calls: false }],
])('%j only tunes: it is left out with a warning, and refused when strict', (more) => {
  const name = Object.keys(more)[0] ?? '';
  const { request: checked, warnings } = checkCapabilities(request(more), bare, false);
  expect(checked).not.toHaveProperty(name);
  expect(warnings).toEqual([
    { code: 'parameter_dropped', parameter: name, message: `p has no \`${name}\`; it was left out` },
  ]);
  expect(() => checkCapabilities(request(more), bare, true)).toThrow(
    expect.objectContaining({ code: 'unsupported_parameter', parameter: name, provider: 'p' }),
  );
});

test.each<[object, string]>([
  [{ tools: [tool] }, 'p: `tools` is not supported'],
  [{ n: 2 }, 'p: `n` is not supported'],
  [{ stop: ['a'] }, 'p: `stop` is not supported'],
  [{ logprobs: true }, 'p: `logprobs` is not supported'],
  [{ response_format: { type: 'json_object' } }, 'p: `response_format` is not supported'],
  [user([{ type: 'input_audio', input_audio: {} }]), 'p: audio input is not supported (`messages[0].content[0]`)'],
  [
    user([
      { type: 'text', text: 'see' },
      { type: 'image_url', image_url: { url: 'https://x/y.png' } },
    ]),
    'p: an image by its http address (send it as a `data:` URL) is not supported (`messages[0].content[1]`)',
  ],
])('%j changes the meaning: it is refused', (more, message) => {
  expect(() => checkCapabilities(request(more), bare, false)).toThrow(
    expect.objectContaining({ code: 'unsupported_parameter', message }),
  );
});

test.each<[object, string]>([
  [{ response_format: { type: 'json_schema', json_schema: { name: 'x' } } }, 'p: the response format `json_schema` is not supported (`response_format`)'], // biome-ignore format: one line
  [{ tools: [tool], tool_choice: 'required' }, 'p: tool_choice "required" is not supported (`tool_choice`)'],
  [{ tools: [tool], tool_choice: tool }, 'p: a named `tool_choice` is not supported (`tool_choice`)'],
  [{ tools: [tool, { type: 'custom', custom: { name: 'c' } }] }, 'p: a custom tool is not supported (`tools[1]`)'],
  [user([{ type: 'file', file: {} }]), 'p: a file part is not supported (`messages[0].content[0]`)'],
])('%j is a form that the provider lacks', (more, message) => {
  expect(() => checkCapabilities(request(more), full, false)).toThrow(expect.objectContaining({ message }));
});

test.each<[object]>([
  [{ n: 1 }],
  [{ logprobs: false }],
  [{ top_logprobs: 0 }],
  [{ stop: null }],
  [{ stop: [] }],
  [{ tools: [] }],
  [{ tool_choice: 'auto' }],
  [{ response_format: { type: 'text' } }],
  [{ modalities: ['text'] }],
  [{ seed: undefined }],
])('%j asks for nothing: it is left out, strictly or not, without a word', (more) => {
  for (const strict of [false, true]) {
    expect(checkCapabilities(request(more), bare, strict)).toEqual({ request: request({}), warnings: [] });
  }
});

test('what the provider declares, and what each has, passes', () => {
  const more = {
    ...user([{ type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } }]),
    temperature: 0,
    max_tokens: 5,
    max_completion_tokens: 5,
    stream_options: {},
    provider_options: { p: {} },
    tools: [tool],
    tool_choice: 'none',
    response_format: { type: 'json_object' },
    n: 2,
    stop: 'x',
  };
  expect(checkCapabilities(request(more), full, true)).toEqual({ request: request(more), warnings: [] });
});
