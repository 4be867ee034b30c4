import Anthropic from '@anthropic-ai/sdk';
import { type MessagesRequest, toMessagesFailure } from '@anyllm/core';
import type { Reply } from '@anyllm/simulator';
import { describe, expect, test } from 'vitest';
import { serveShape } from './serve-shape.ts';
import { eventually, models, simulate } from './simulated.ts';

// What we send is right when the vendor's own client puts it together to what was answered.

async function connect(script: Reply | Reply[], model: string) {
  const { client, simulator } = await simulate({ script });
  const answer = (body: MessagesRequest) => client.messages({ ...body, model: model as (typeof models)[number] });
  const baseURL = await serveShape({ answer, toError: toMessagesFailure });
  return { simulator, anthropic: new Anthropic({ baseURL, apiKey: 'any', maxRetries: 0 }) };
}

const ask = { model: 'any', max_tokens: 100, messages: [{ role: 'user' as const, content: 'Hello' }] };

const replies: [string, Reply][] = [
  ['a text', { text: 'Hi there, you.', usage: { prompt: 12, completion: 5, cached: 4 } }],
  ['a tool call', { toolCalls: [{ name: 'f', arguments: { city: 'Oslo', days: [1, 2] } }] }],
  [
    'several calls',
    {
      toolCalls: [
        { name: 'f', arguments: { a: 1 } },
        { name: 'g', arguments: {} },
        { name: 'h', arguments: { b: 2 } },
      ],
    },
  ],
  ['reasoning and a text', { reasoning: 'Hm, hm.', text: 'Yes.' }],
];

describe.each(models)('over %s', (model) => {
  test.each(replies)('its accumulator reads %s as it was answered whole', async (_, reply) => {
    const { anthropic } = await connect(reply, model);
    const tools = ['f', 'g', 'h'].map((name) => ({ name, input_schema: { type: 'object' as const } }));
    const whole = await anthropic.messages.create({ ...ask, tools });
    const streamed = await anthropic.messages.stream({ ...ask, tools }).finalMessage();
    const withoutIds = (message: Anthropic.Message) =>
      JSON.parse(JSON.stringify(message.content, (key, value) => (key === 'id' ? '' : value)));
    expect(withoutIds(streamed)).toEqual(withoutIds(whole));
    expect(streamed.content.length).toBeGreaterThan(0);
    expect(streamed.stop_reason).toBe(reply.toolCalls ? 'tool_use' : 'end_turn');
    expect(streamed.usage).toMatchObject({
      input_tokens: whole.usage.input_tokens,
      output_tokens: whole.usage.output_tokens,
    });
  });

  test('a conversation with a tool goes through it and back', async () => {
    const { anthropic } = await connect(
      [{ reasoning: 'A tool.', toolCalls: [{ name: 'f', arguments: { city: 'Oslo' } }] }, { text: '4 degrees.' }],
      model,
    );
    const tools = [{ name: 'f', input_schema: { type: 'object' as const } }];
    const first = await anthropic.messages.stream({ ...ask, tools }).finalMessage();
    const call = first.content.find((block) => block.type === 'tool_use');
    const content = [{ type: 'tool_result' as const, tool_use_id: call?.id ?? '', content: '4', is_error: false }];
    const second = await anthropic.messages.create({
      ...ask,
      tools,
      messages: [...ask.messages, { role: 'assistant', content: first.content }, { role: 'user', content }],
    });
    expect(second.content).toEqual([{ type: 'text', text: '4 degrees.' }]);
  });
});

const model = 'openai/gpt-4o';

test('thinking with its signature survives its accumulator', async () => {
  const { anthropic } = await connect({ events: signed }, model);
  const message = await anthropic.messages.stream(ask).finalMessage();
  expect(message.content).toMatchObject([
    { type: 'thinking', thinking: 'Hm.', signature: 'sig' },
    { type: 'redacted_thinking', data: 'opaque' },
    { type: 'text', text: 'Yes.' },
  ]);
});

const chunk = (delta: object, finish_reason: string | null = null) => ({
  id: 'c1',
  model: 'm',
  created: 1,
  choices: [{ index: 0, delta, finish_reason }],
});
const signed = [
  chunk({ reasoning_details: [{ type: 'reasoning.text', text: 'Hm' }] }),
  chunk({ reasoning_details: [{ type: 'reasoning.text', text: '.' }] }),
  chunk({ reasoning_details: [{ type: 'reasoning.text', signature: 'sig' }] }),
  chunk({ reasoning_details: [{ type: 'reasoning.encrypted', data: 'opaque' }] }),
  chunk({ content: 'Yes.' }, 'stop'),
  '[DONE]',
];

test.each([
  [{ status: 429 }, Anthropic.RateLimitError, 'rate_limit_error'],
  [{ status: 401 }, Anthropic.AuthenticationError, 'authentication_error'],
  [{ error: { status: 404, code: 'model_not_found' } }, Anthropic.NotFoundError, 'not_found_error'],
  [{ status: 400 }, Anthropic.BadRequestError, 'invalid_request_error'],
  [{ status: 500 }, Anthropic.InternalServerError, 'api_error'],
])('%j is the error that it knows', async (reply, Class, type) => {
  const { anthropic } = await connect(reply, model);
  const error = await anthropic.messages.create(ask).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Class);
  expect(error).toMatchObject({ error: { type: 'error', error: { type } } });
});

test('a failure within a stream reaches it', async () => {
  const { anthropic } = await connect({ text: 'one two three', fault: { kind: 'cut', atToken: 2, by: 'rst' } }, model);
  const error = await anthropic.messages
    .stream(ask)
    .finalMessage()
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Anthropic.APIError);
  expect((error as Error).message).toContain('the stream broke off');
});

test('its abort closes the socket to the provider', async () => {
  const { anthropic, simulator } = await connect({ text: 'word '.repeat(500), latency: { tokenMs: 5 } }, model);
  const stream = anthropic.messages.stream(ask);
  const aborted = stream.done().catch((thrown: unknown) => thrown);
  await new Promise<void>((text) => stream.once('text', () => text()));
  stream.abort();
  expect(await aborted).toBeInstanceOf(Anthropic.APIUserAbortError);
  await eventually(() => simulator.requests[0]?.aborted === true);
});
