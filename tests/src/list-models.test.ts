import { AnyLLMError, createClient, listModels } from '@anyllm/core';
import { defineProvider, type ModelPage } from '@anyllm/core/provider';
import { createVendor } from '@anyllm/provider-openai-compatible';
import type { Reply } from '@anyllm/simulator';
import { describe, expect, test } from 'vitest';
import { eventually, failure, simulate } from './simulated.ts';

const providers = ['openai', 'mistral', 'ollama'] as const;

describe.each(providers)('%s', (provider) => {
  test('tells its models, whose names can be asked for', async () => {
    const { client, simulator } = await simulate();
    const models = await client.listModels(provider);
    expect(models.length).toBeGreaterThan(3);
    for (const { id, object, model, created, owned_by, raw } of models) {
      expect([object, model]).toEqual(['model', `${provider}/${id}`]);
      expect(created).toBeGreaterThan(1_700_000_000);
      expect(owned_by).toBeTypeOf('string');
      expect(raw).toBeTypeOf('object');
    }
    expect(simulator.requests.map(({ method }) => method)).toEqual(['GET']);
    const { model } = models[0] as { model: `openai/${string}` };
    expect((await client.completion({ model, prompt: 'Hi' })).text).toContain('Hi');
  });

  test('they can be read one by one', async () => {
    const { client } = await simulate();
    const ids: string[] = [];
    for await (const { id } of client.listModels(provider)) ids.push(id);
    expect(ids).toEqual((await client.listModels(provider)).map(({ id }) => id));
  });

  test.each<[string, Reply]>([
    ['an empty body', { fault: { kind: 'empty-body' } }],
    ['a page', { fault: { kind: 'html' } }],
    ['another object', { body: { object: 'list' } }],
    ['rows that are no list', { body: { data: {}, models: 'none' } }],
  ])('an answer with %s is an error', async (_, reply) => {
    const { client } = await simulate({ script: reply });
    const error = await failure(client.listModels(provider));
    expect(error).toMatchObject({ code: 'response_parse', provider, retryable: true });
    expect(error).not.toHaveProperty('model');
  });

  test('a wrong key, an abort and a deadline are what they are everywhere', async () => {
    const { client, simulator } = await simulate({ script: { status: 401 } });
    expect(await failure(client.listModels(provider))).toMatchObject({ code: 'authentication' });
    simulator.script({ fault: { kind: 'silence' } });
    const controller = new AbortController();
    const failed = failure(client.listModels(provider, { signal: controller.signal }));
    await simulator.waitFor(2);
    controller.abort('enough');
    expect(await failed).toBe('enough');
    expect(await failure(client.listModels(provider, { timeout: 40 }))).toMatchObject({ code: 'timeout' });
    await eventually(() => simulator.requests.every(({ index, aborted }) => index === 0 || aborted));
  });

  test('a failure that may pass is retried', async () => {
    const { client, simulator } = await simulate({ script: [{ status: 503, headers: { 'retry-after-ms': '1' } }] });
    expect((await client.listModels(provider, { retries: 1 })).length).toBeGreaterThan(0);
    expect(simulator.requests).toHaveLength(2);
  });
});

test('what a vendor states of a model is there, in our words', async () => {
  const { client, simulator } = await simulate();
  const models = await client.listModels('mistral');
  expect(models.find(({ id }) => id === 'mistral-large-latest')).toMatchObject({
    context_length: 131_072,
    capabilities: ['completion', 'tools', 'vision'],
  });
  simulator.script({ body: { models: [{ name: 'a/b:1b', capabilities: ['completion', 'thinking'] }] } });
  expect(await client.listModels('ollama')).toMatchObject([
    { id: 'a/b:1b', model: 'ollama/a/b:1b', owned_by: 'a', capabilities: ['completion', 'reasoning'] },
  ]);
  simulator.script({ body: { models: null } });
  expect(await client.listModels('ollama')).toEqual([]);
});

test('rows of compatible servers are read however they come', async () => {
  const { simulator } = await simulate();
  const options = { baseURL: simulator.baseURL.openai, apiKey: 'key' };
  const client = createClient({ providers: [createVendor('together', options), createVendor('minimax', options)] });
  const rows = [
    { id: 'a', type: 'chat', context_length: 8192, organization: 'org', display_name: 'A', created: 0 },
    { id: 'a' },
    { name: 'b', max_model_len: 4096, top_provider: { max_completion_tokens: 100 } },
    { object: 'model' },
    null,
  ];
  simulator.script({ body: rows });
  expect(await client.listModels('together')).toEqual([
    {
      ...{ id: 'a', object: 'model', model: 'together/a', owned_by: 'org', name: 'A', context_length: 8192 },
      ...{ capabilities: ['completion'], raw: rows[0] },
    },
    {
      ...{ id: 'b', object: 'model', model: 'together/b', context_length: 4096, max_output_tokens: 100 },
      raw: rows[2],
    },
  ]);
  const error = await failure(client.listModels('minimax'));
  expect(String(error)).toContain('minimax: lists of models are not supported (the provider has no `listModels`)');
});

test.each([
  ['openai', { data: [{ id: 'a', created: 1e308, capabilities: ['toString'] }] }, { capabilities: ['toString'] }],
  [
    'ollama',
    { models: [{ model: { toString: 1 }, name: 'a', modified_at: {}, details: { context_length: 0.5 } }] },
    {},
  ],
] as const)('what cannot be of a model of %s is left out', async (provider, body, rest) => {
  const { client } = await simulate({ script: { body } });
  const [listed] = await client.listModels(provider);
  const { raw: _, owned_by: __, ...model } = listed ?? {};
  expect(model).toEqual({ object: 'model', id: 'a', model: `${provider}/a`, ...rest });
});

describe('a list of several pages', () => {
  const paged = (pages: Record<string, ModelPage>) => {
    const asked: (string | undefined)[] = [];
    const provider = defineProvider({
      id: 'paged',
      complete: () => Promise.reject(new Error('not asked')),
      stream: () => (async function* () {})(),
      async listModels({ after, model }) {
        asked.push(after);
        expect(model).toBe('');
        return pages[after ?? ''] as ModelPage;
      },
    });
    return { asked, client: createClient({ providers: [provider] }) };
  };
  const row = (id: string) => ({ id, raw: null });

  test('is read to its end, or no further than its reader', async () => {
    const pages = { '': { data: [row('a'), row('b')], next: '2' }, 2: { data: [row('b'), row('c')] } };
    const { asked, client } = paged(pages);
    expect((await client.listModels('paged')).map(({ model }) => model)).toEqual(['paged/a', 'paged/b', 'paged/c']);
    expect(asked).toEqual([undefined, '2']);
    for await (const _ of client.listModels('paged')) break;
    expect(asked).toEqual([undefined, '2', undefined]);
  });

  test('that goes in a circle is an error', async () => {
    const { client } = paged({ '': { data: [row('a')], next: '1' }, 1: { data: [row('b')], next: '1' } });
    expect(await failure(client.listModels('paged'))).toMatchObject({ code: 'response_parse' });
  });

  test('of which one fails is an error after the rows before it', async () => {
    const { client } = paged({ '': { data: [row('a')], next: 'lost' } });
    const ids: string[] = [];
    const read = async () => {
      for await (const { id } of client.listModels('paged')) ids.push(id);
    };
    expect(await failure(read())).toBeInstanceOf(AnyLLMError);
    expect(ids).toEqual(['a']);
  });
});

test('a provider that there is not is an error where the list is awaited', async () => {
  const { client } = await simulate();
  // @ts-expect-error no provider of the client
  expect(await failure(client.listModels('cohere'))).toMatchObject({ code: 'provider_not_found' });
  expect(await failure(listModels('no name'))).toMatchObject({ code: 'invalid_request' });
});
