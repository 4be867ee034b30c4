import { Mistral } from '@mistralai/mistralai';
import type { ChatCompletionRequest, ChatCompletionStreamRequest } from '@mistralai/mistralai/models/components';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from './start-simulator.ts';
import { collect } from './testing/collect.ts';

let simulator: Simulator;
let client: Mistral;
beforeEach(async () => {
  simulator = await startSimulator();
  client = new Mistral({ serverURL: simulator.baseURL.mistral, apiKey: 'anything' });
});
afterEach(() => simulator.close());

const messages: ChatCompletionRequest['messages'] = [{ role: 'user', content: 'Hello' }];
const ASK: ChatCompletionRequest = { model: 'mistral-small-latest', messages };
const WEATHER = {
  type: 'function' as const,
  function: { name: 'get_weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
};

async function chunksOf(request: Partial<ChatCompletionStreamRequest> = {}) {
  const events = await collect(await client.chat.stream({ ...ASK, ...request } as ChatCompletionStreamRequest));
  return events.map(({ data }) => data);
}

/** What comes back for a request that the vendor's own client would not send. */
async function answerTo(body: object) {
  const response = await fetch(`${simulator.baseURL.mistral}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, ...((await response.json()) as object) };
}

describe('a whole answer', () => {
  it('repeats what was asked and counts its tokens', async () => {
    const answer = await client.chat.complete(ASK);
    expect(answer.id).toMatch(/^[0-9a-f]{32}$/);
    expect(answer.choices[0]?.message?.content).toContain('You asked: "Hello"');
    const { promptTokens = 0, completionTokens = 0, totalTokens } = answer.usage;
    expect(totalTokens).toBe(promptTokens + completionTokens);
  });

  it('ends with length at max_tokens', async () => {
    const answer = await client.chat.complete({ ...ASK, maxTokens: 3 });
    expect(answer).toMatchObject({ choices: [{ finishReason: 'length' }], usage: { completionTokens: 3 } });
  });

  it('has a thinking part before its text when the model reasons', async () => {
    simulator.script({ reasoning: 'Hm.', text: 'Yes.' });
    const answer = await client.chat.complete(ASK);
    expect(answer.choices[0]?.message?.content).toMatchObject([
      { type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }], closed: true },
      { type: 'text', text: 'Yes.' },
    ]);
  });

  it('calls tools with ids of nine characters', async () => {
    const answer = await client.chat.complete({ ...ASK, tools: [WEATHER], toolChoice: 'any' });
    expect(answer.choices[0]?.finishReason).toBe('tool_calls');
    const [call] = answer.choices[0]?.message?.toolCalls ?? [];
    expect(call).toMatchObject({ function: { name: 'get_weather', arguments: '{"city":"city"}' } });
    expect(call?.id).toMatch(/^[A-Za-z0-9]{9}$/);
  });

  it('is JSON when asked', async () => {
    const answer = await client.chat.complete({ ...ASK, responseFormat: { type: 'json_object' } });
    expect(JSON.parse(String(answer.choices[0]?.message?.content))).toEqual({ answer: 'Hello' });
  });
});

describe('a stream', () => {
  it('has usage, unasked, in the chunk with the finish reason', async () => {
    simulator.script({ tokens: ['Hi', ' you'], usage: { prompt: 4, completion: 7 } });
    const chunks = await chunksOf();
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content)).toEqual(['', 'Hi', ' you', '']);
    expect(chunks.map((chunk) => chunk.usage?.totalTokens)).toEqual([undefined, undefined, undefined, 11]);
    expect(chunks.at(-1)?.choices[0]?.finishReason).toBe('stop');
  });

  it('brings tool calls whole, with the finish reason', async () => {
    simulator.script({
      toolCalls: [
        { name: 'f', arguments: { x: 1 } },
        { name: 'g', arguments: {} },
      ],
    });
    const last = (await chunksOf()).at(-1)?.choices[0];
    expect(last?.finishReason).toBe('tool_calls');
    expect(last?.delta.toolCalls).toMatchObject([
      { function: { name: 'f', arguments: '{"x":1}' } },
      { function: { name: 'g', arguments: '{}' } },
    ]);
  });

  it('thinks in parts before it speaks in text', async () => {
    simulator.script({ reasoning: 'Hm', text: 'Yes' });
    const contents = (await chunksOf()).map((chunk) => chunk.choices[0]?.delta.content);
    expect(contents).toMatchObject(['', [{ type: 'thinking', thinking: [{ text: 'Hm' }] }], 'Yes', '']);
  });
});

describe('a request is refused', () => {
  const call = { id: 'abcdefghi', function: { name: 'f', arguments: '{}' } };
  const asked = { role: 'user', content: 'Hello' };
  const calling = { role: 'assistant', content: '', tool_calls: [call] };
  const result = { role: 'tool', tool_call_id: 'abcdefghi', content: 'x' };

  it.each(['seed', 'max_completion_tokens', 'stream_options', 'user', 'logprobs'])(
    'with the field %s',
    async (field) => {
      const detail = [{ type: 'extra_forbidden', loc: ['body', field], input: 1 }];
      expect(await answerTo({ ...ASK, [field]: 1 })).toMatchObject({ status: 422, message: { detail } });
    },
  );

  it.each([
    ['a user after a tool', [asked, calling, result, asked]],
    ['an assistant at the end', [asked, { role: 'assistant', content: 'Hi' }]],
    ['a call without its result', [asked, calling, asked]],
    ['a result without its call', [asked, result]],
  ])('with %s', async (_, history) => {
    const expected = { status: 400, type: 'invalid_request_message_order', code: '3230' };
    expect(await answerTo({ ...ASK, messages: history })).toMatchObject(expected);
  });

  it('with a tool call id of another vendor', async () => {
    const foreign = { ...calling, tool_calls: [{ ...call, id: 'call_1234567890' }] };
    const history = [asked, foreign, { ...result, tool_call_id: 'call_1234567890' }];
    expect(await answerTo({ ...ASK, messages: history })).toMatchObject({ status: 400, code: '3280' });
  });

  it('not with a prefix at the end', async () => {
    const history = [asked, { role: 'assistant', content: 'Hi', prefix: true }];
    const choices = [{ message: { content: 'Hi and so on.' } }];
    expect(await answerTo({ ...ASK, messages: history })).toMatchObject({ status: 200, choices });
  });

  it('as the client understands it', async () => {
    await expect(client.chat.complete({ ...ASK, model: 'unknown' })).rejects.toMatchObject({ statusCode: 400 });
    const invalid = { ...ASK, temperature: 9 };
    await expect(client.chat.complete(invalid)).rejects.toMatchObject({ name: 'HTTPValidationError', statusCode: 422 });
    simulator.script({ status: 429 });
    await expect(client.chat.complete(ASK)).rejects.toMatchObject({ statusCode: 429, body: /"code":"1300"/ });
  });

  it('without a key where one is required', async () => {
    await using locked = await startSimulator({ requireKey: true });
    const ask = (apiKey?: string) =>
      new Mistral({ serverURL: locked.baseURL.mistral, apiKey: apiKey ?? '' }).chat.complete(ASK).catch((e) => e);
    expect(await ask()).toMatchObject({ statusCode: 401, body: '{"detail":"Unauthorized"}' });
    expect(await ask('any')).toMatchObject({ object: 'chat.completion' });
  });
});

describe('other endpoints', () => {
  it('list models and give one', async () => {
    expect((await client.models.list()).data).toContainEqual(expect.objectContaining({ id: 'mistral-large-latest' }));
    expect(await client.models.retrieve({ modelId: 'open-model' })).toMatchObject({ id: 'open-model' });
  });

  it('embed texts', async () => {
    const { data, usage } = await client.embeddings.create({ model: 'mistral-embed', inputs: ['a', 'b'] });
    expect(data.map(({ embedding }) => embedding?.length)).toEqual([1024, 1024]);
    expect(usage.completionTokens).toBe(0);
  });
});
