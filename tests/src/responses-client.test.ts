import { type ResponsesRequest, toResponsesFailure } from '@anyllm/core';
import type { Reply } from '@anyllm/simulator';
import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { serveShape } from './serve-shape.ts';
import { eventually, models, simulate } from './simulated.ts';

// What we send is right when the vendor's own client puts it together to what was answered.

async function connect(script: Reply | Reply[], model: string) {
  const { client, simulator } = await simulate({ script });
  const answer = (body: ResponsesRequest) => client.responses({ ...body, model: model as (typeof models)[number] });
  const baseURL = await serveShape({ answer, toError: toResponsesFailure });
  return { simulator, openai: new OpenAI({ baseURL, apiKey: 'any', maxRetries: 0 }) };
}

const ask = { model: 'any', input: 'Hello' };
const tools = ['f', 'g', 'h'].map((name) => ({
  type: 'function' as const,
  name,
  parameters: { type: 'object' },
  strict: false,
}));

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

/** Ids and times differ from call to call. */
function withoutIds(value: unknown): unknown {
  const vary = new Set(['id', 'call_id', 'item_id']);
  return JSON.parse(JSON.stringify(value, (key, field) => (vary.has(key) ? '' : field)));
}

describe.each(models)('over %s', (model) => {
  test.each(replies)('its accumulator reads %s as it was answered whole', async (_, reply) => {
    const { openai } = await connect(reply, model);
    const whole = await openai.responses.create({ ...ask, tools });
    const stream = openai.responses.stream({ ...ask, tools });
    const seen: string[] = [];
    for await (const event of stream) seen.push(event.type);
    const streamed = await stream.finalResponse();
    expect(seen.at(-1)).toBe('response.completed');
    const withoutParsed = JSON.parse(
      JSON.stringify(streamed.output, (key, field) => (/^parsed/.test(key) ? undefined : field)),
    );
    expect(withoutIds(withoutParsed)).toEqual(withoutIds(whole.output));
    expect(streamed.output.length).toBeGreaterThan(0);
    expect(streamed.output_text).toBe(reply.text ?? '');
    expect(streamed.usage).toEqual(whole.usage);
  });

  test('a conversation with a tool goes through it and back', async () => {
    const { openai } = await connect(
      [{ reasoning: 'A tool.', toolCalls: [{ name: 'f', arguments: { city: 'Oslo' } }] }, { text: '4 degrees.' }],
      model,
    );
    const first = await openai.responses.create({ ...ask, tools });
    const call = first.output.find((item) => item.type === 'function_call');
    const second = await openai.responses.create({
      ...ask,
      tools,
      input: [
        { role: 'user', content: 'Hello' },
        ...(first.output as OpenAI.Responses.ResponseInputItem[]),
        { type: 'function_call_output', call_id: call?.call_id ?? '', output: '4' },
      ],
    });
    expect(second.output_text).toBe('4 degrees.');
  });

  test('it parses structured output', async () => {
    const { openai } = await connect({ text: '{"city":"Oslo"}' }, model);
    const schema = {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
      additionalProperties: false,
    };
    const format = { type: 'json_schema' as const, name: 'city', schema, strict: true };
    const response = await openai.responses.create({ ...ask, text: { format } });
    expect(JSON.parse(response.output_text)).toEqual({ city: 'Oslo' });
    expect(response.text?.format).toEqual(format);
  });
});

const model = 'ollama/llama3';

test.each([
  ['openai/gpt-4o', { status: 429 }, OpenAI.RateLimitError, 'rate_limit_exceeded'],
  ['openai/gpt-4o', { status: 401 }, OpenAI.AuthenticationError, 'invalid_api_key'],
  [model, { status: 404, error: { status: 404 } }, OpenAI.NotFoundError, 'model_not_found'],
  [model, { status: 500 }, OpenAI.InternalServerError, 'server_error'],
])('of %s, %j is the error that it knows', async (asked, reply, Class, code) => {
  const { openai } = await connect(reply, asked);
  const error = await openai.responses.create(ask).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Class);
  expect(error).toMatchObject({ code });
});

test('a field that is refused is named', async () => {
  const { openai } = await connect({}, model);
  const error = await openai.responses.create({ ...ask, background: true }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ status: 400, param: 'background', code: 'unsupported_parameter' });
});

test('a failure within a stream reaches it', async () => {
  const { openai } = await connect({ text: 'one two three', fault: { kind: 'cut', atToken: 2, by: 'rst' } }, model);
  const stream = await openai.responses.create({ ...ask, stream: true });
  const read = async () => {
    for await (const _ of stream);
  };
  await expect(read()).rejects.toThrow('the stream broke off');
});

test('its abort closes the socket to the provider', async () => {
  const { openai, simulator } = await connect({ text: 'word '.repeat(500), latency: { tokenMs: 5 } }, model);
  const stream = await openai.responses.create({ ...ask, stream: true });
  for await (const event of stream) if (event.type === 'response.output_text.delta') break;
  await eventually(() => simulator.requests[0]?.aborted === true);
});
