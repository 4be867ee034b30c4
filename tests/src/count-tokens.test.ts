import { createClient, InvalidRequestError, ResponseParseError } from '@anyllm/core';
import { createOpenAI } from '@anyllm/provider-openai';
import { createVendor } from '@anyllm/provider-openai-compatible';
import { type Script, startSimulator } from '@anyllm/simulator';
import { describe, expect, onTestFinished, test } from 'vitest';
import { eventually, failure, simulate } from './simulated.ts';

const counters = ['openai', 'vllm', 'llamacpp'] as const;
type Counter = (typeof counters)[number];

const weather = { type: 'function' as const, function: { name: 'get_weather', parameters: { type: 'object' } } };
const messages = [
  { role: 'system' as const, content: 'Be brief.' },
  { role: 'user' as const, content: 'How is the weather in Oslo?' },
];

async function simulateCounter(id: Counter, script?: Script) {
  const simulator = await startSimulator({ ...(script && { script }) });
  onTestFinished(() => simulator.close());
  const settings = { baseURL: simulator.baseURL.openai, apiKey: 'key' };
  const provider = id === 'openai' ? createOpenAI(settings) : createVendor(id, settings);
  return { simulator, client: createClient({ providers: [provider], retries: 0 }), model: `${id}/m` as const };
}

const paths: Record<Counter, string[]> = {
  openai: ['/openai/v1/responses/input_tokens'],
  vllm: ['/openai/tokenize'],
  llamacpp: ['/openai/apply-template', '/openai/tokenize'],
};

describe.each(counters)('%s', (id) => {
  test('counts a conversation, with its tools, and a text', async () => {
    const { client, model, simulator } = await simulateCounter(id);
    const plain = await client.countTokens({ model, messages });
    expect(simulator.requests.map(({ path }) => path)).toEqual(paths[id]);
    expect(plain.input_tokens).toBeGreaterThan(5);
    expect(plain.raw).toBeTypeOf('object');
    expect(plain.meta.provider).toBe(id);
    const { input_tokens } = await client.countTokens({ model, messages, tools: [weather] });
    expect(input_tokens).toBeGreaterThan(plain.input_tokens);
    expect((await client.countTokens({ model, input: 'one two three' })).input_tokens).toBe(3);
    expect(plain.max_model_len).toBe(id === 'vllm' ? 8_192 : undefined);
  });

  test.each<[string, Script]>([
    ['an empty body', { fault: { kind: 'empty-body' } }],
    ['a page', { fault: { kind: 'html' } }],
    ['another object', { body: { count: '7', tokens: 7, input_tokens: null } }],
  ])('an answer with %s is an error', async (_, script) => {
    const { client, model } = await simulateCounter(id, script);
    expect(await failure(client.countTokens({ model, messages }))).toBeInstanceOf(ResponseParseError);
    expect(await failure(client.countTokens({ model, input: 'a' }))).toBeInstanceOf(ResponseParseError);
  });

  test('an abort closes the socket, and a deadline holds', async () => {
    const { client, model, simulator } = await simulateCounter(id, { fault: { kind: 'silence' } });
    const controller = new AbortController();
    const failed = failure(client.countTokens({ model, messages }, { signal: controller.signal }));
    await simulator.waitFor(1);
    controller.abort('enough');
    expect(await failed).toBe('enough');
    expect(await failure(client.countTokens({ model, messages }, { timeout: 40 }))).toMatchObject({ code: 'timeout' });
    await eventually(() => simulator.requests.every(({ aborted }) => aborted));
  });

  test('a failure that may pass is retried', async () => {
    const { client, model } = await simulateCounter(id, [{ status: 503, headers: { 'retry-after-ms': '1' } }]);
    expect((await client.countTokens({ model, messages }, { retries: 1 })).meta.attempts).toHaveLength(2);
  });
});

test.each(['mistral/mistral-small-latest', 'ollama/llama3'] as const)(
  '%s: nothing is estimated where the server does not count',
  async (model) => {
    const { client, simulator } = await simulate();
    const error = await failure(client.countTokens({ model, messages }));
    expect(error).toMatchObject({ code: 'unsupported_parameter', parameter: 'countTokens' });
    expect(simulator.requests).toEqual([]);
  },
);

test.each([
  [{}, 'messages'],
  [{ messages, input: 'a' }, 'messages'],
  [{ input: 'a', tools: [weather] }, 'messages'],
  [{ input: '' }, 'input'],
  [{ messages: [] }, 'messages'],
  [{ messages, tools: [{ type: 'function' }] }, 'tools[0].function'],
])('%j is refused with the path of the wrong field', async (fields, path) => {
  const { client, model, simulator } = await simulateCounter('openai');
  const error = await failure(client.countTokens({ model, ...fields } as never));
  expect(error).toBeInstanceOf(InvalidRequestError);
  expect(error).toMatchObject({ path });
  expect(simulator.requests).toEqual([]);
});
