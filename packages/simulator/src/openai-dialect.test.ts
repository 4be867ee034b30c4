import OpenAI, { APIError } from 'openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Reply } from './reply.ts';
import { type Simulator, startSimulator } from './start-simulator.ts';
import { collect } from './testing/collect.ts';

let simulator: Simulator;
let client: OpenAI;
beforeEach(async () => {
  simulator = await startSimulator();
  client = new OpenAI({ baseURL: simulator.baseURL.openai, apiKey: 'sk-anything', maxRetries: 0 });
});
afterEach(() => simulator.close());

const messages = [{ role: 'user' as const, content: 'Hello' }];
const ASK = { model: 'gpt-4o', messages };
const WEATHER = {
  type: 'function' as const,
  function: { name: 'get_weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
};

/** The body of the error with which the vendor refuses a request that the client's types would not let through. */
async function refusal(request: object): Promise<unknown> {
  const error = await client.chat.completions.create(request as OpenAI.ChatCompletionCreateParams).catch((e) => e);
  expect(error).toBeInstanceOf(APIError);
  return { status: error.status, ...error.error };
}

async function chunksOf(request: object): Promise<OpenAI.ChatCompletionChunk[]> {
  const stream = await client.chat.completions.create({ ...ASK, ...request, stream: true });
  return collect(stream);
}

describe('a whole answer', () => {
  it('repeats what was asked and counts its tokens', async () => {
    const answer = await client.chat.completions.create(ASK);
    expect(answer.id).toMatch(/^chatcmpl-\w{29}$/);
    expect(answer.choices[0]?.message).toMatchObject({ role: 'assistant', refusal: null });
    expect(answer.choices[0]?.message.content).toContain('You asked: "Hello"');
    const { prompt_tokens = 0, completion_tokens = 0, total_tokens } = answer.usage ?? {};
    expect(prompt_tokens).toBeGreaterThan(0);
    expect(total_tokens).toBe(prompt_tokens + completion_tokens);
  });

  it('ends with length at max_tokens', async () => {
    const answer = await client.chat.completions.create({ ...ASK, max_tokens: 3 });
    expect(answer.choices[0]?.finish_reason).toBe('length');
    expect(answer.usage?.completion_tokens).toBe(3);
  });

  it('carries the request id and the rate limits in its headers', async () => {
    const { response } = await client.chat.completions.create(ASK).withResponse();
    expect(response.headers.get('x-request-id')).toMatch(/^req_[0-9a-f]{32}$/);
    expect(response.headers.get('x-ratelimit-remaining-tokens')).toMatch(/^\d+$/);
    expect(response.headers.get('content-length')).toMatch(/^\d+$/);
  });

  it('has as many choices as asked for, or as scripted', async () => {
    expect((await client.chat.completions.create({ ...ASK, n: 3 })).choices).toHaveLength(3);
    simulator.script({ choices: [{ text: 'a' }, { text: 'b', finishReason: 'length' }] });
    const { choices } = await client.chat.completions.create({ ...ASK, n: 2 });
    expect(choices.map((choice) => [choice.index, choice.message.content, choice.finish_reason])).toEqual([
      [0, 'a', 'stop'],
      [1, 'b', 'length'],
    ]);
  });

  it('has null content beside tool calls and refusals', async () => {
    simulator.script([{ toolCalls: [{ name: 'f', arguments: { x: 1 } }] }, { refusal: 'I will not.' }]);
    const [calling, refusing] = [await client.chat.completions.create(ASK), await client.chat.completions.create(ASK)];
    expect(calling.choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: { content: null, tool_calls: [{ type: 'function', function: { name: 'f', arguments: '{"x":1}' } }] },
    });
    expect(refusing.choices[0]?.message).toMatchObject({ content: null, refusal: 'I will not.' });
  });

  it('reports the usage that is scripted, or none', async () => {
    simulator.script([{ usage: { prompt: 9, completion: 20, cached: 4, reasoning: 16 } }, { usage: null }]);
    expect((await client.chat.completions.create(ASK)).usage).toMatchObject({
      prompt_tokens: 9,
      total_tokens: 29,
      prompt_tokens_details: { cached_tokens: 4 },
      completion_tokens_details: { reasoning_tokens: 16 },
    });
    expect(await client.chat.completions.create(ASK)).not.toHaveProperty('usage');
  });

  it('holds log probabilities when asked', async () => {
    simulator.script({ tokens: ['a', 'é'], logprobs: [-0.5, -0.25] });
    const answer = await client.chat.completions.create({ ...ASK, logprobs: true, top_logprobs: 2 });
    expect(answer.choices[0]?.logprobs?.content).toMatchObject([
      { token: 'a', logprob: -0.5, bytes: [97], top_logprobs: [{ token: 'a' }, {}] },
      { token: 'é', logprob: -0.25, bytes: [195, 169], top_logprobs: [{ token: 'é' }, {}] },
    ]);
  });

  it('is JSON of the schema that was given', async () => {
    const schema = { type: 'object', properties: { city: { type: 'string' }, people: { type: 'integer' } } };
    const response_format = { type: 'json_schema' as const, json_schema: { name: 'place', schema } };
    const answer = await client.chat.completions.create({ ...ASK, response_format });
    expect(JSON.parse(answer.choices[0]?.message.content ?? '')).toEqual({ city: 'city', people: 1 });
  });

  it('thinks unseen when the model reasons', async () => {
    const answer = await client.chat.completions.create({ ...ASK, model: 'o3', max_completion_tokens: 5 });
    expect(answer.usage?.completion_tokens_details?.reasoning_tokens).toBeGreaterThan(0);
    expect(answer.choices[0]?.message).not.toHaveProperty('reasoning_content');
  });
});

describe('a stream', () => {
  it('begins with the role, goes on by token and ends with the reason', async () => {
    simulator.script({ tokens: ['Hi', ' you'] });
    const chunks = await chunksOf({});
    expect(chunks.map((chunk) => [chunk.choices[0]?.delta, chunk.choices[0]?.finish_reason])).toEqual([
      [{ role: 'assistant', content: '', refusal: null }, null],
      [{ content: 'Hi' }, null],
      [{ content: ' you' }, null],
      [{}, 'stop'],
    ]);
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
    expect(chunks.some((chunk) => 'usage' in chunk)).toBe(false);
  });

  it('has its usage in a chunk without choices, null before it, when asked', async () => {
    simulator.script({ tokens: ['Hi'] });
    const chunks = await chunksOf({ stream_options: { include_usage: true } });
    expect(chunks.slice(0, -1).every((chunk) => chunk.usage === null)).toBe(true);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 1 } });
  });

  it('cuts the arguments of tool calls into the fragments that are scripted', async () => {
    const toolCalls = [
      { id: 'call_a', name: 'f', arguments: { x: 1 } },
      { name: 'g', arguments: {} },
    ];
    simulator.script({ toolCalls, toolCallFragments: 3 });
    const deltas = (await chunksOf({})).flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? []);
    expect(deltas[0]).toEqual({ index: 0, id: 'call_a', type: 'function', function: { name: 'f', arguments: '' } });
    const fragments = deltas.filter(({ index, id }) => index === 0 && !id);
    expect(fragments.map((delta) => delta.function?.arguments)).toEqual(['{"x', '":1', '}']);
    expect(deltas.find(({ index, id }) => index === 1 && id)?.id).toMatch(/^call_\w{24}$/);
  });

  it('interleaves its choices', async () => {
    simulator.script({ choices: [{ tokens: ['a', 'b'] }, { tokens: ['x', 'y', 'z'] }] });
    const chunks = await chunksOf({ n: 2 });
    const order = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? chunk.choices[0]?.finish_reason);
    expect(order).toEqual(['', '', 'a', 'x', 'b', 'y', 'stop', 'z', 'stop']);
  });

  it('is folded by the client into the same answer as a whole one', async () => {
    simulator.script({ text: 'The same text.' });
    const streamed = await client.chat.completions.stream(ASK).finalChatCompletion();
    const whole = await client.chat.completions.create(ASK);
    expect(streamed.choices[0]?.message.content).toBe(whole.choices[0]?.message.content);
  });

  it('sends scripted events as they are', async () => {
    const event = { id: 'c', choices: [{ index: 0, delta: { content: 'raw' }, finish_reason: null }] };
    simulator.script({ events: [event, '[DONE]'] });
    expect(await chunksOf({})).toEqual([event]);
  });

  it('throws in the client at an error event', async () => {
    simulator.script({ text: 'Hello there', fault: { kind: 'error-event', atToken: 1 } });
    await expect(chunksOf({})).rejects.toThrow(/error while processing/);
  });
});

describe('tools', () => {
  it('are called when that is required, with arguments from their schema', async () => {
    const answer = await client.chat.completions.create({ ...ASK, tools: [WEATHER], tool_choice: 'required' });
    expect(answer.choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: { tool_calls: [{ function: { name: 'get_weather', arguments: '{"city":"city"}' } }] },
    });
  });

  it('end with stop when the request names the one to call', async () => {
    const tool_choice = { type: 'function' as const, function: { name: 'get_weather' } };
    const answer = await client.chat.completions.create({ ...ASK, tools: [WEATHER], tool_choice });
    expect(answer.choices[0]?.message.tool_calls).toHaveLength(1);
    expect(answer.choices[0]?.finish_reason).toBe('stop');
  });

  it('are called when the message names them, and not otherwise', async () => {
    const spoken = [{ role: 'user' as const, content: 'Please use get_weather' }];
    const answer = await client.chat.completions.create({ ...ASK, messages: spoken, tools: [WEATHER] });
    expect(answer.choices[0]?.finish_reason).toBe('tool_calls');
    expect((await client.chat.completions.create({ ...ASK, tools: [WEATHER] })).choices[0]?.finish_reason).toBe('stop');
  });

  it('may answer, and are quoted', async () => {
    const call = { id: 'c1', type: 'function' as const, function: { name: 'get_weather', arguments: '{}' } };
    const history = [
      ...messages,
      { role: 'assistant' as const, tool_calls: [call] },
      { role: 'tool' as const, tool_call_id: 'c1', content: 'Sunny' },
    ];
    const answer = await client.chat.completions.create({ ...ASK, messages: history, tools: [WEATHER] });
    expect(answer.choices[0]?.message.content).toContain('Sunny');
  });
});

describe('a request is refused', () => {
  const call = { id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } };
  const LOOSE = { type: 'json_schema', json_schema: { name: 'x', strict: true, schema: { type: 'object' } } };

  it.each([
    ['without a model', { messages }, { status: 400, param: null }],
    ['without messages', { model: 'm' }, { status: 400, param: 'messages', code: 'missing_required_parameter' }],
    ['with no message', { ...ASK, messages: [] }, { status: 400, param: 'messages', code: 'empty_array' }],
    ['with an unknown role', { ...ASK, messages: [{ role: 'bot' }] }, { param: 'messages[0].role' }],
    ['with an unknown field', { ...ASK, foo: 1 }, { status: 400, param: 'foo', code: 'unknown_parameter' }],
    ['with an empty list of tools', { ...ASK, tools: [] }, { status: 400, param: 'tools', code: 'empty_array' }],
    ['with a tool choice but no tools', { ...ASK, tool_choice: 'auto' }, { status: 400, param: 'tool_choice' }],
    ['with stream options but no stream', { ...ASK, stream_options: {} }, { status: 400, param: 'stream_options' }],
    ['with too high a temperature', { ...ASK, temperature: 3 }, { code: 'decimal_above_max_value' }],
    [
      'with an unanswered tool call',
      { ...ASK, messages: [{ role: 'assistant', tool_calls: [call] }] },
      { status: 400 },
    ],
    [
      'with a tool call answered too late',
      {
        ...ASK,
        messages: [{ role: 'assistant', tool_calls: [call] }, ...messages, { role: 'tool', tool_call_id: 'c1' }],
      },
      { param: 'messages.[1].role' },
    ],
    [
      'with a tool result out of nowhere',
      { ...ASK, messages: [{ role: 'tool', tool_call_id: 'c1' }] },
      { param: 'messages.[0].role' },
    ],
    ['with JSON nobody spoke of', { ...ASK, response_format: { type: 'json_object' } }, { param: 'messages' }],
    ['with a loose strict schema', { ...ASK, response_format: LOOSE }, { param: 'response_format' }],
    ['with max_tokens to a reasoning model', { ...ASK, model: 'o3', max_tokens: 1 }, { code: 'unsupported_parameter' }],
    ['with a temperature to a reasoning model', { ...ASK, model: 'gpt-5', temperature: 0 }, { param: 'temperature' }],
    ['for an unknown model', { ...ASK, model: 'unknown-1' }, { status: 404, code: 'model_not_found' }],
  ])('%s', async (_, request, expected) => {
    expect(await refusal(request)).toMatchObject(expected);
  });

  it('in the words of the vendor for a scripted status', async () => {
    simulator.script({ status: 429, headers: { 'Retry-After': '7' } });
    const error = await client.chat.completions.create(ASK).catch((e) => e);
    expect(error).toMatchObject({ status: 429, code: 'rate_limit_exceeded', type: 'requests' });
    expect(error.headers.get('retry-after')).toBe('7');
  });

  it('by a gateway for 502 and 504, with a page', async () => {
    simulator.script({ status: 502 });
    const response = await client.chat.completions.create(ASK).catch((error) => error);
    expect(response).toMatchObject({ status: 502, error: undefined });
    expect(response.headers.get('content-type')).toBe('text/html');
  });

  it('with the error that is scripted', async () => {
    const error: Reply['error'] = { status: 429, code: 'insufficient_quota', type: 'insufficient_quota' };
    simulator.script({ error });
    expect(await refusal(ASK)).toMatchObject(error);
  });

  it('without the key that is required', async () => {
    await using locked = await startSimulator({ requireKey: 'sk-right-and-long-enough' });
    const ask = (apiKey: string) =>
      new OpenAI({ baseURL: locked.baseURL.openai, apiKey }).chat.completions.create(ASK).catch((e) => e);
    expect(await ask('sk-wrong-but-long-enough')).toMatchObject({ status: 401, code: 'invalid_api_key' });
    expect((await ask('sk-wrong-but-long-enough')).message).not.toContain('but-long');
    expect((await ask('sk-right-and-long-enough')).object).toBe('chat.completion');
  });
});

describe('other endpoints', () => {
  it('list models and give one', async () => {
    expect((await client.models.list()).data.map(({ id }) => id)).toContain('gpt-4o');
    expect(await client.models.retrieve('ft:gpt-4o:me')).toMatchObject({ id: 'ft:gpt-4o:me', object: 'model' });
    await expect(client.models.retrieve('missing')).rejects.toMatchObject({ status: 404, code: 'model_not_found' });
  });

  it('embed texts as vectors of length 1, the same in both encodings', async () => {
    const request = { model: 'text-embedding-3-small', input: ['a', 'b'], dimensions: 8 };
    const packed = await client.embeddings.create(request);
    const plain = await client.embeddings.create({ ...request, encoding_format: 'float' });
    expect(packed.data).toHaveLength(2);
    expect(Math.hypot(...(plain.data[0]?.embedding ?? []))).toBeCloseTo(1);
    expect(packed.data[1]?.embedding[3]).toBeCloseTo(plain.data[1]?.embedding[3] ?? 0);
  });

  it('are unknown beyond these', async () => {
    await expect(client.fineTuning.jobs.list()).rejects.toThrow('Invalid URL (GET /v1/fine_tuning/jobs)');
  });
});
