import { expect, test } from 'vitest';
import type { InvalidRequestError } from '../errors/errors.ts';
import { formatPath } from './flaw.ts';
import { validateRequest } from './validate-request.ts';

const messages = [{ role: 'user', content: 'Hi' }];
const valid = { model: 'a/b', messages };

function messageOf(input: unknown): string {
  try {
    validateRequest(input);
    return 'valid';
  } catch (error) {
    return (error as InvalidRequestError).message;
  }
}

/** What a developer reads. `valid` stands where nothing is wrong. */
test('the messages name the field and what it must be', () => {
  const inputs: unknown[] = [
    undefined,
    'Hi',
    [],
    {},
    { model: 'a/b' },
    { ...valid, prompt: 'Hi' },
    { model: 'a/b', messages: [] },
    { ...valid, temperature: '1' },
    { ...valid, temperature: Number.NaN },
    { ...valid, temperature: null },
    { ...valid, top_p: 2 },
    { ...valid, max_tokens: 0 },
    { ...valid, max_tokens: 1.5 },
    { ...valid, maxTokens: 5 },
    { ...valid, system: 'Be brief' },
    { ...valid, functions: [] },
    { ...valid, timeout: 5 },
    { ...valid, safe_prompt: true },
    { ...valid, reasoning_effort: 'extreme' },
    { ...valid, stop: 5 },
    { ...valid, stop: [5] },
    { ...valid, response_format: 'json' },
    { ...valid, response_format: { type: 'xml' } },
    { ...valid, response_format: { type: 'json_schema' } },
    { ...valid, tool_choice: 'f' },
    { ...valid, tool_choice: { type: 'function', function: {} } },
    { ...valid, tools: [{ type: 'function', function: { name: '' } }] },
    { ...valid, tools: [{ type: 'function', function: { name: 'f', parameters: [] } }] },
    { ...valid, tools: [{ type: 'function', function: { name: 'f', parameters: new (class Schema {})() } }] },
    { ...valid, tools: [{ type: 'retrieval' }] },
    { ...valid, metadata: { a: 5 } },
    { ...valid, provider_options: { mistral: true } },
    { model: 'a/b', messages: ['Hi'] },
    { model: 'a/b', messages: [{ content: 'Hi' }] },
    { model: 'a/b', messages: [{ role: 'robot', content: 'Hi' }] },
    { model: 'a/b', messages: [{ role: 'user', content: 5 }] },
    { model: 'a/b', messages: [{ role: 'user', content: null }] },
    { model: 'a/b', messages: [{ role: 'user', content: ['Hi'] }] },
    { model: 'a/b', messages: [{ role: 'user', content: [{ type: 'image_url', image_url: 'http://x' }] }] },
    { model: 'a/b', messages: [{ role: 'user', content: [{ type: 'video' }] }] },
    { model: 'a/b', messages: [{ role: 'assistant', tool_calls: [{ id: 'a', function: { name: 'f' } }] }] },
    { model: 'a/b', messages: [{ role: 'tool', content: 'x' }] },
  ];
  expect(inputs.map(messageOf).join('\n')).toMatchInlineSnapshot(`
    "the request is missing
    the request must be an object, not a string
    the request must be an object, not an array
    \`model\` is missing
    a request needs exactly one of \`prompt\` and \`messages\`
    a request needs exactly one of \`prompt\` and \`messages\`
    \`messages\` is empty
    \`temperature\` must be a number, not a string
    \`temperature\` must be a number, not NaN
    \`temperature\` must be a number, not null
    \`top_p\` must be at most 1
    \`max_tokens\` must be greater than 0
    \`max_tokens\` must be an integer, not 1.5
    \`maxTokens\` is not a known parameter; use \`max_tokens\`
    \`system\` is not a known parameter; use a message of role \`system\`
    \`functions\` is not a known parameter; use \`tools\`
    \`timeout\` is not a known parameter; use the second argument, the options
    \`safe_prompt\` is not a known parameter; vendor-only fields go in \`provider_options\`
    \`reasoning_effort\` must be "none", "minimal", "low", "medium", "high", "xhigh" or "max"
    \`stop\` must be a string or an array, not 5
    \`stop[0]\` must be a string, not 5
    \`response_format\` must be an object, not a string
    \`response_format.type\` must be "text", "json_object" or "json_schema"
    \`response_format.json_schema\` is missing
    \`tool_choice\` must be "none", "auto", "required" or an object
    \`tool_choice.function.name\` is missing
    \`tools[0].function.name\` must not be empty
    \`tools[0].function.parameters\` must be a plain object, not an array
    \`tools[0].function.parameters\` must be a plain object, not an instance of Schema
    \`tools[0].type\` must be "function" or "custom"
    \`metadata.a\` must be a string, not 5
    \`provider_options.mistral\` must be a plain object, not a boolean
    \`messages[0]\` must be an object, not a string
    \`messages[0].role\` is missing
    \`messages[0].role\` must be "system", "developer", "user", "assistant" or "tool"
    \`messages[0].content\` must be a string or an array, not 5
    \`messages[0].content\` must be a string or an array, not null
    \`messages[0].content[0]\` must be an object, not a string
    \`messages[0].content[0].image_url\` must be an object, not a string
    \`messages[0].content[0].type\` must be "text", "refusal", "image_url", "input_audio" or "file"
    \`messages[0].tool_calls[0].type\` is missing
    \`messages[0].tool_call_id\` is missing"
  `);
});

test('a prompt is one message of the user', () => {
  expect(validateRequest({ model: 'a/b', prompt: 'Hi' })).toEqual(valid);
});

test('what is not given stays away, and the input is not changed', () => {
  const input = Object.freeze({ model: 'a/b', prompt: 'Hi', temperature: undefined });
  expect(Object.keys(validateRequest(input))).not.toContain('prompt');
});

test('what a model has answered may be sent back, with whatever its vendor added', () => {
  const message = {
    role: 'assistant',
    content: null,
    refusal: null,
    annotations: [],
    vendor_field: { a: 1 },
    tool_calls: [{ id: 'a', type: 'function', index: 0, function: { name: 'f', arguments: '{"x":' } }],
    reasoning_details: [{ type: 'reasoning.text', text: 'Hm', signature: 's', format: 'x' }],
  };
  expect(validateRequest({ model: 'a/b', messages: [...messages, message] }).messages[1]).toBe(message);
});

test.each([
  [[], ''],
  [['a'], 'a'],
  [['messages', 0, 'content', 12, 'text'], 'messages[0].content[12].text'],
  [['metadata', '__proto__'], 'metadata.__proto__'],
])('the path %j is written %s', (path, text) => {
  expect(formatPath(path)).toBe(text);
});
