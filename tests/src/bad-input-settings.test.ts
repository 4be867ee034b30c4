import { createClient } from '@anyllm/core';
import { createOpenAI } from '@anyllm/provider-openai';
import { expect, test } from 'vitest';
import { failure, model, simulateOpenAI } from './simulated-openai.ts';

const request = { model, prompt: 'Hi' } as const;
const nowhere = { apiKey: 'key', baseURL: 'http://127.0.0.1:9' };
const provider = createOpenAI(nowhere);
const large = { models: [{ model: 'mistral/large' }] };

test.each<[object, string]>([
  [{ limits: { mistral: {} } }, 'limits.mistral'],
  [{ settings: { opnai: {} } }, 'settings.opnai'],
  [{ fallbacks: [model, 'mistral/large'] }, 'fallbacks[1]'],
  [{ fallbacks: { models: ['mistral/large'] } }, 'fallbacks.models[0]'],
  [{ balance: { large } }, 'balance.large.models[0].model'],
])('the settings %j are for a provider that the client does not have', async (settings, path) => {
  const error = await failure(() => createClient({ ...settings, providers: [provider] }));
  expect(error).toMatchObject({ code: 'invalid_request', path });
  expect(String(error)).toContain('is for no provider of this client; it has openai');
});

test('a fallback may name a balance, and be passed over', () => {
  const balance = { large: { models: [{ model }] } };
  createClient({ providers: [provider], balance, fallbacks: ['large'] });
  createClient({ providers: [provider], fallbacks: { models: ['mistral/large' as never], when: () => true } });
});

test.each<[object, string]>([
  [{ limits: { mistrall: { concurrency: 1 } } }, 'limits.mistrall'],
  [{ settings: { openai: {}, mistrall: {} } }, 'settings.mistrall'],
])('without providers of its own, a client refuses %j with its first call', async (settings, path) => {
  const client = createClient(settings);
  for (const call of [client.completion(request), client.embedding({ model, input: 'a' })]) {
    const error = await failure(call);
    expect(error).toMatchObject({ code: 'invalid_request', path });
    expect(String(error)).toContain('is for no provider that is registered or installed; check the name, or import');
  }
});

test('what is set for a provider that is installed is in order before it is imported', async () => {
  const unused = { ollama: { concurrency: 1 } };
  const settings = { openai: nowhere };
  const client = createClient({ limits: unused, settings, retries: 0 });
  expect(await failure(client.completion(request))).toMatchObject({ code: 'connection' });
});

test('a fallback to a provider that is not there is refused before anything is asked, unless `when` passes it over', async () => {
  const { client, simulator } = await simulateOpenAI();
  for (const fallbacks of [['opnai/gpt-4o'], { models: ['opnai/gpt-4o'] }]) {
    const error = await failure(client.completion(request, { fallbacks }));
    expect(error).toMatchObject({ code: 'provider_not_found', provider: 'opnai' });
  }
  expect(await failure(client.completion(request, { fallbacks: ['gpt-4o'] }))).toMatchObject({ path: 'model' });
  expect(simulator.requests).toEqual([]);
  const fallbacks = { models: ['opnai/gpt-4o'], when: () => true };
  expect((await client.completion(request, { fallbacks })).meta.provider).toBe('openai');
});

test.each<[object, string]>([
  [{ apiKey: 5 }, 'apiKey'],
  [{ baseUrl: 'http://a' }, 'baseUrl'],
  [{ headers: new Headers({ a: 'b' }) }, 'headers'],
  [{ timeout: { totl: 5 } }, 'timeout.totl'],
  [{ limits: { concurency: 5 } }, 'limits.concurency'],
  [{ transport: 'fetch' }, 'transport'],
])('%j is refused where a provider is made, and in the settings of a client', async (config, path) => {
  const made = await failure(() => createOpenAI(config));
  expect(made).toMatchObject({ code: 'invalid_request', path: `config.${path}` });
  const set = await failure(() => createClient({ providers: [provider], settings: { openai: config } }));
  expect(set).toMatchObject({ code: 'invalid_request', path: `settings.openai.${path}` });
});

test.each<[object, string]>([
  [{ limits: { Mistral: {} } }, 'limits.Mistral'],
  [{ fallbacks: [model, 'gpt-4o'] }, 'fallbacks[1]'],
  [{ limits: { concurrency: 1 } }, 'limits.concurrency'],
  [{ limits: { openai: null } }, 'limits.openai'],
  [{ limits: null }, 'limits'],
  [{ limits: 0 }, 'limits'],
  [{ limits: '' }, 'limits'],
  [{ balance: null }, 'balance'],
  [{ timeout: { read: 5 } }, 'timeout.read'],
  [{ balance: { large: { models: [{ model }, model] } } }, 'balance.large.models[1]'],
  [{ balance: { large: { models: [] } } }, 'balance.large.models'],
])('the settings %j are refused with the place', async (settings, path) => {
  expect(await failure(() => createClient(settings))).toMatchObject({ code: 'invalid_request', path });
});
