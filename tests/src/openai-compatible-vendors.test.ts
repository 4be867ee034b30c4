import { type CompletionRequest, completion, createClient } from '@anyllm/core';
import { createVendor, type VendorId } from '@anyllm/provider-openai-compatible';
import { type Script, type Simulator, startSimulator } from '@anyllm/simulator';
import { afterAll, afterEach, beforeAll, describe, expect, expectTypeOf, test, vi } from 'vitest';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());
afterEach(() => vi.unstubAllEnvs());

type Conversation = Partial<Omit<CompletionRequest, 'stream' | 'prompt' | 'messages'>> & {
  messages?: NonNullable<CompletionRequest['messages']>;
};

const hi: NonNullable<CompletionRequest['messages']> = [{ role: 'user', content: 'Hi' }];

/** Asks by the name alone: importing the package has made it known. */
async function ask(vendor: VendorId, request: Conversation = {}, script?: Script) {
  simulator.script(script);
  const options = { apiKey: 'key', baseURL: simulator.baseURL.openai, retries: 0 };
  const answer = await completion({ messages: hi, ...request, model: `${vendor}/m` }, options);
  return { answer, sent: simulator.requests.at(-1)?.body };
}

test.each<[VendorId, Record<string, string>, string | undefined]>([
  ['groq', { GROQ_BASE_URL: '', GROQ_API_KEY: 'k' }, 'Bearer k'],
  ['llamacpp', { LLAMACPP_API_BASE: '' }, undefined],
  ['llamafile', { LLAMAFILE_API_BASE: '' }, undefined],
  ['vllm', { VLLM_API_BASE: '' }, undefined],
  ['vllm', { VLLM_API_BASE: '', VLLM_API_KEY: 'k' }, 'Bearer k'],
  ['lmstudio', { LM_STUDIO_API_BASE: '' }, undefined],
  ['openai-compatible', { OPENAI_COMPATIBLE_BASE_URL: '' }, undefined],
  ['openai-compatible', { OPENAI_COMPATIBLE_BASE_URL: '', OPENAI_COMPATIBLE_API_KEY: 'k' }, 'Bearer k'],
])('%s is found by its variables %j', async (vendor, variables, authorization) => {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value || simulator.baseURL.openai);
  simulator.script({ text: 'a' });
  expect((await completion({ model: `${vendor}:org/m:8b`, prompt: 'Hi' })).text).toBe('a');
  const { headers, body } = simulator.requests.at(-1) ?? {};
  expect([headers?.authorization, body?.model]).toEqual([authorization, 'org/m:8b']);
});

test.each<[VendorId, string, string]>([
  ['groq', 'missing_api_key', 'GROQ_API_KEY'],
  ['huggingface', 'missing_api_key', 'HF_TOKEN'],
  ['azureopenai', 'missing_api_key', 'AZURE_OPENAI_API_KEY'],
  ['openai-compatible', 'invalid_request', 'OPENAI_COMPATIBLE_BASE_URL'],
])('%s says what it lacks', async (vendor, code, variable) => {
  for (const name of ['GROQ_API_KEY', 'HF_TOKEN', 'AZURE_OPENAI_API_KEY', 'AZURE_OPENAI_AD_TOKEN'])
    vi.stubEnv(name, '');
  vi.stubEnv('OPENAI_COMPATIBLE_BASE_URL', '');
  await expect(completion({ model: `${vendor}/m`, prompt: 'Hi' })).rejects.toMatchObject({
    code,
    message: expect.stringContaining(variable),
  });
});

test('one with settings of its own has a client to itself, and its ids are typed', async () => {
  const client = createClient({
    providers: [createVendor('groq', { apiKey: 'k', baseURL: simulator.baseURL.openai })],
  });
  simulator.script({ text: 'a' });
  expect((await client.completion({ model: 'groq/m', prompt: 'Hi' })).text).toBe('a');
  expectTypeOf(createVendor('groq').id).toEqualTypeOf<'groq'>();
  // @ts-expect-error a vendor that there is not
  expect(() => createVendor('grok')).toThrow('grok');
});

describe('Azure', () => {
  const text = { choices: [{ message: { content: 'a' } }] };

  async function path(endpoint: string, apiKey = 'key') {
    simulator.script({ body: text });
    await completion({ model: 'azureopenai/m', prompt: 'Hi' }, { baseURL: simulator.url + endpoint, apiKey });
    return simulator.requests.at(-1);
  }

  test('a deployment has its version in the query', async () => {
    vi.stubEnv('OPENAI_API_VERSION', '2024-10-21');
    const versioned = await path('/openai/deployments/d');
    expect(versioned?.path).toBe('/openai/deployments/d/chat/completions?api-version=2024-10-21');
    expect((await path('/openai/v1'))?.path).toBe('/openai/v1/chat/completions');
  });

  test('a resource alone leads to the current interface', () => {
    const { normalize } = createVendor('azureopenai').connection.baseURL;
    expect(normalize?.('https://r.openai.azure.com/')).toBe('https://r.openai.azure.com/openai/v1');
  });

  test('keys and tokens have their own headers', async () => {
    expect((await path('/openai/v1'))?.headers).toMatchObject({ 'api-key': 'key' });
    const { headers } = (await path('/openai/v1', 'eyJhbGciOi.x.y')) ?? {};
    expect([headers?.authorization, headers?.['api-key']]).toEqual(['Bearer eyJhbGciOi.x.y', undefined]);
  });
});

test('Groq is told no names, and refuses log probabilities before the network', async () => {
  const { sent } = await ask('groq', { messages: [{ role: 'user', content: 'Hi', name: 'Ann' }] });
  expect(sent?.messages).toEqual(hi);
  await expect(ask('groq', { logprobs: true })).rejects.toMatchObject({ code: 'unsupported_parameter' });
});

test('DeepSeek has reasoning on every turn with calls, empty where there was none', async () => {
  const call = { id: 'c', type: 'function' as const, function: { name: 'f', arguments: '{}' } };
  const result = { role: 'tool' as const, tool_call_id: 'c', content: 'r' };
  const turn = { role: 'assistant' as const, content: null, tool_calls: [call] };
  const { sent } = await ask('deepseek', { messages: [...hi, turn, result, { ...turn, reasoning: 'r' }, result] });
  expect(sent?.messages).toMatchObject([{}, { reasoning_content: '' }, {}, { reasoning_content: 'r' }, {}]);
});

test('Perplexity is not asked for usage, and gives it with every chunk', async () => {
  simulator.script({
    text: 'a b',
    usage: { completion: 2 },
    quirks: { usage: 'every-chunk', refuses: ['stream_options'] },
  });
  const options = { apiKey: 'key', baseURL: simulator.baseURL.openai };
  const stream = await completion({ model: 'perplexity/m', prompt: 'Hi', stream: true }, options);
  expect((await stream.completion()).usage?.completion_tokens).toBe(2);
});

test.each<VendorId>(['minimax', 'sambanova', 'perplexity', 'portkey', 'together', 'lmstudio', 'openai-compatible'])(
  '%s has its reasoning taken out of the content',
  async (vendor) => {
    const { answer } = await ask(vendor, {}, { text: '<think>r</think>\n\na' });
    expect(answer.choices[0]?.message).toMatchObject({ reasoning: 'r', content: 'a' });
  },
);
