import { createOpenAI } from '@ai-sdk/openai';
import type { CallOptions, Client, CompletionRequest } from '@anyllm/core';
import { createClient } from '@anyllm/core';
import { fromAISDK } from '@anyllm/provider-ai-sdk';
import { type Script, type SimulatorOptions, startSimulator } from '@anyllm/simulator';
import { describe, expect, onTestFinished, test } from 'vitest';
import { eventually, failure } from './simulated.ts';

const model = 'theirs/gpt-4o';
const hi = [{ role: 'user' as const, content: 'Hi' }];
const weather: NonNullable<CompletionRequest['tools']>[number] = {
  type: 'function',
  function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
};

/** Their OpenAI provider, as one of ours, with a simulator that ends with the test. */
async function bridge(script?: Script, options: SimulatorOptions = {}) {
  const simulator = await startSimulator({ ...options, ...(script && { script }) });
  onTestFinished(() => simulator.close());
  const theirs = createOpenAI({ baseURL: simulator.baseURL.openai, apiKey: 'sk-theirs-0123456789' });
  const provider = fromAISDK((id) => theirs.chat(id), { id: 'theirs', optionsKey: 'openai' });
  const client: Client = createClient({ retries: 0, providers: [provider] }) as Client;
  const ask = (request: Partial<CompletionRequest> = {}, options?: CallOptions) =>
    client.completion(
      { model, messages: hi, ...request, stream: false } as CompletionRequest & { stream: false },
      options,
    );
  const stream = (request: Partial<CompletionRequest> = {}, options?: CallOptions) =>
    client.completion(
      { model, messages: hi, ...request, stream: true } as CompletionRequest & { stream: true },
      options,
    );
  return { simulator, theirs, client, ask, stream };
}

describe('the request', () => {
  test('parameters arrive', async () => {
    const { simulator, ask } = await bridge();
    const tuned = { temperature: 0.2, top_p: 0.9, seed: 7, stop: ['x'], frequency_penalty: 0.1, presence_penalty: 0.2 };
    const { meta } = await ask({ ...tuned, max_tokens: 9, tools: [weather], tool_choice: 'required' });
    expect(simulator.requests[0]?.body).toMatchObject({
      ...tuned,
      model: 'gpt-4o',
      messages: hi,
      max_tokens: 9,
      tools: [weather],
      tool_choice: 'required',
    });
    expect(meta.warnings).toEqual([]);
  });

  test('headers of the call and the model’s own options arrive', async () => {
    const { simulator, ask } = await bridge();
    await ask({ provider_options: { theirs: { user: 'u' }, other: { user: 'no' } } }, { headers: { 'X-Team': 'a' } });
    const [request] = simulator.requests;
    expect(request?.body).toMatchObject({ user: 'u' });
    expect(request?.headers).toMatchObject({ 'x-team': 'a', authorization: 'Bearer sk-theirs-0123456789' });
  });

  test('structured output is asked for by its schema', async () => {
    const { simulator, ask } = await bridge();
    const schema = {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
      additionalProperties: false,
    };
    const answer = await ask({ response_format: { type: 'json_schema', json_schema: { name: 'place', schema } } });
    expect(simulator.requests[0]?.body?.response_format).toMatchObject({
      type: 'json_schema',
      json_schema: { name: 'place', schema },
    });
    expect(JSON.parse(answer.text)).toHaveProperty('city');
  });

  test('images, audio and files arrive', async () => {
    const { simulator, ask } = await bridge();
    const content: NonNullable<CompletionRequest['messages']>[number]['content'] = [
      { type: 'text', text: 'See' },
      { type: 'image_url', image_url: { url: 'https://host/x.png' } },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
      { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } },
      { type: 'file', file: { file_data: 'data:application/pdf;base64,JVBERg==', filename: 'a.pdf' } },
      { type: 'file', file: { file_id: 'file-1' } },
    ];
    await ask({ messages: [{ role: 'user', content }] });
    expect(simulator.requests[0]?.body?.messages).toEqual([{ role: 'user', content }]);
  });

  test('what has no counterpart is left out with a warning, or refused when it changes the meaning', async () => {
    const { simulator, ask } = await bridge();
    const ours = { apiKey: 'sk-ours-0123456789', baseURL: 'http://127.0.0.1:1/v1' };
    const { meta } = await ask({ user: 'u', logit_bias: { 5: 1 } }, ours);
    expect(meta.warnings.map(({ parameter }) => parameter)).toEqual(['user', 'logit_bias', 'apiKey', 'baseURL']);
    expect(await failure(ask({ n: 2 }))).toMatchObject({ code: 'unsupported_parameter', parameter: 'n' });
    expect(simulator.requests).toHaveLength(1);
    expect(simulator.requests[0]?.headers.authorization).toBe('Bearer sk-theirs-0123456789');
  });

  test('their warnings are ours', async () => {
    const { ask } = await bridge();
    const { meta } = await ask({ model: 'theirs/o3', temperature: 0.5 });
    expect(meta.warnings).toMatchObject([{ code: 'parameter_dropped', parameter: 'temperature' }]);
  });
});

describe('the answer', () => {
  const usage = { prompt: 9, completion: 5, cached: 2, reasoning: 1 };

  test.each<[string, Script, object]>([
    ['text', { text: 'Words, größe 😀', usage }, { content: 'Words, größe 😀' }],
    [
      'tool calls',
      { toolCalls: [{ id: 'call_1', name: 'weather', arguments: { city: 'Bern' } }, { id: 'call_2', name: 'f', arguments: '{}' }], usage }, // biome-ignore format: one line
      { content: null, tool_calls: [{ id: 'call_1', function: { name: 'weather', arguments: '{"city":"Bern"}' } }, { id: 'call_2' }] }, // biome-ignore format: one line
    ],
    ['a cut', { text: 'Half', finishReason: 'length', usage }, { content: 'Half' }],
  ])('is the same whole and streamed: %s', async (_, script, message) => {
    const { ask, stream } = await bridge(script);
    const whole = await ask({ tools: [weather] });
    const folded = await (await stream({ tools: [weather] })).completion();
    expect(whole.choices[0]?.message).toMatchObject(message);
    expect(folded.choices).toEqual(whole.choices);
    expect(folded.usage).toEqual(whole.usage);
    expect(whole.usage).toEqual({
      prompt_tokens: 9,
      completion_tokens: 5,
      total_tokens: 14,
      prompt_tokens_details: { cached_tokens: 2 },
      completion_tokens_details: { reasoning_tokens: 1 },
    });
  });

  test('comes piece by piece', async () => {
    const { stream } = await bridge({ tokens: ['a', 'b', 'c'] });
    const texts: string[] = [];
    for await (const text of (await stream()).text()) texts.push(text);
    expect(texts).toEqual(['a', 'b', 'c']);
  });

  test('names the vendor’s id, model and request', async () => {
    const { ask } = await bridge({ text: 'a', headers: { 'x-request-id': 'req_1' } });
    const answer = await ask();
    expect(answer.id).toMatch(/^chatcmpl-/);
    expect(answer.meta).toMatchObject({ provider: 'theirs', model: 'gpt-4o', requestId: 'req_1' });
  });

  test.each([
    ['length', 'length', undefined],
    ['content_filter', 'content_filter', undefined],
    ['end_of_story', 'stop', 'end_of_story'],
  ])('that ends with %s has the reason %s', async (finishReason, finish_reason, raw) => {
    const { ask } = await bridge({ text: 'a', finishReason });
    const [choice] = (await ask()).choices;
    expect([choice?.finish_reason, choice?.raw_finish_reason]).toEqual([finish_reason, raw]);
  });

  test('goes back with the result of a tool', async () => {
    const { simulator, ask } = await bridge([{ toolCalls: [{ id: 'call_1', name: 'weather', arguments: {} }] }]);
    const [choice] = (await ask({ tools: [weather] })).choices;
    const result = { role: 'tool' as const, tool_call_id: 'call_1', content: 'sunny' };
    const answer = await ask({ tools: [weather], messages: [...hi, choice?.message ?? [], result].flat() });
    expect(answer.text).toBe('The tool answered: sunny');
    expect(simulator.requests[1]?.body?.messages).toMatchObject([
      ...hi,
      { role: 'assistant', tool_calls: [{ id: 'call_1', function: { name: 'weather', arguments: '{}' } }] },
      result,
    ]);
  });
});

describe('a failure', () => {
  test.each<[Script, object]>([
    [{ status: 401 }, { code: 'authentication', status: 401, retryable: false }],
    [{ status: 404, error: { status: 404, code: 'model_not_found' } }, { code: 'model_not_found' }],
    [
      { status: 429, headers: { 'retry-after': '0.05' } },
      { code: 'rate_limit', retryable: true, retryAfterMs: 50 },
    ],
    [{ error: { status: 429, code: 'insufficient_quota' } }, { code: 'quota_exceeded', retryable: false }],
    [{ error: { status: 400, code: 'context_length_exceeded' } }, { code: 'context_length_exceeded' }],
    [{ status: 503 }, { code: 'overloaded', retryable: true }],
    [{ fault: { kind: 'reset-before-headers' } }, { code: 'connection', retryable: true }],
  ])('%j is of the class that fits, whole and streamed, after one attempt', async (script, expected) => {
    const { simulator, ask, stream } = await bridge(script);
    const errors = [await failure(ask()), await failure(stream())];
    for (const error of errors) expect(error).toMatchObject({ provider: 'theirs', model: 'gpt-4o', ...expected });
    expect(simulator.requests).toHaveLength(2);
  });

  test.each([
    ['whole', false],
    ['streamed', true],
  ])('to answer with JSON is one that may be retried: %s', async (_, streamed) => {
    const { ask, stream } = await bridge({ fault: { kind: 'html' } });
    const error = await failure(streamed ? stream() : ask());
    expect(error).toMatchObject({ code: 'response_parse', retryable: true });
  });

  test('shows neither prompt nor key', async () => {
    const { ask } = await bridge({ status: 400 });
    const error = await failure(ask({ messages: [{ role: 'user', content: 'my secret plan' }] }));
    const { inspect } = await import('node:util');
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/secret plan|sk-theirs/);
  });

  test('is retried by our policy', async () => {
    const { simulator, ask } = await bridge([{ status: 503 }, { status: 503 }, { text: 'third' }]);
    const answer = await ask({}, { retries: { attempts: 3, baseMs: 1 } });
    expect([answer.text, simulator.requests.length]).toEqual(['third', 3]);
  });

  test.each(['end', 'rst'] as const)('of a stream that is cut (%s) interrupts it', async (by) => {
    const { stream } = await bridge({ tokens: ['a', 'b', 'c'], fault: { kind: 'cut', atToken: 2, by } });
    const answer = await stream();
    expect(await failure(answer.completion())).toMatchObject({ code: 'stream_interrupted', partial: { text: 'ab' } });
  });

  test('that comes as an event of a stream is of the class that fits', async () => {
    const fault = { kind: 'error-event', atToken: 1, error: { status: 429, code: 'rate_limit_exceeded' } } as const;
    const { stream } = await bridge({ tokens: ['a', 'b'], fault });
    const error = await failure((await stream()).completion());
    expect(error).toMatchObject({ code: 'stream_interrupted', cause: { code: 'rate_limit' } });
  });
});

describe('leaving', () => {
  test.each([false, true])(
    'by an abort rejects with its reason and closes the socket (streamed: %s)',
    async (streamed) => {
      const { simulator, ask, stream } = await bridge({ text: 'a b c', latency: { firstTokenMs: 5_000 } });
      const controller = new AbortController();
      const answer = streamed ? stream({}, controller) : ask({}, controller);
      answer.catch(() => {});
      await simulator.waitFor(1);
      const reason = new Error('enough');
      controller.abort(reason);
      expect(await failure(answer)).toBe(reason);
      await eventually(() => simulator.requests[0]?.aborted === true);
    },
  );

  test('a stream early closes the socket', async () => {
    const { simulator, stream } = await bridge({ text: 'a b c d e f', latency: { tokenMs: 100 } });
    for await (const _ of await stream()) break;
    await eventually(() => simulator.requests[0]?.aborted === true);
  });

  test('at a time limit closes the socket', async () => {
    const { simulator, ask } = await bridge({ fault: { kind: 'silence' } });
    expect(await failure(ask({}, { timeout: 100 }))).toMatchObject({ code: 'timeout', phase: 'total' });
    await eventually(() => simulator.requests[0]?.aborted === true);
  });
});

describe('the provider', () => {
  test('of one model has that model and an id of its own', async () => {
    const { theirs, simulator } = await bridge();
    const provider = fromAISDK(theirs.chat('gpt-4o'));
    const client = createClient({ providers: [provider] });
    expect(provider.id).toBe('openai-chat');
    await client.completion({ model: 'openai-chat/gpt-4o', prompt: 'Hi' });
    expect(simulator.requests).toHaveLength(1);
    const error = await failure(client.completion({ model: 'openai-chat/gpt-5', prompt: 'Hi' }));
    expect(error).toMatchObject({ code: 'model_not_found' });
  });

  test('needs an id where it makes models', () => {
    const { chat } = createOpenAI({ apiKey: 'any' });
    expect(() => fromAISDK(chat as never)).toThrow(/needs an `id`/);
  });

  test('of an older specification is refused', async () => {
    const old = { specificationVersion: 'v2', provider: 'old', modelId: 'm' } as never;
    const error = await failure(
      createClient({ providers: [fromAISDK(old)] }).completion({ model: 'old/m', prompt: '' }),
    );
    expect(error).toMatchObject({ code: 'invalid_request', message: expect.stringContaining('v2') });
  });
});
