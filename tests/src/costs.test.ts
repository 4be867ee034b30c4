import { createClient, QuotaExceededError } from '@anyllm/core';
import { createMistral } from '@anyllm/provider-mistral';
import { createOllama } from '@anyllm/provider-ollama';
import { createOpenAI } from '@anyllm/provider-openai';
import { type SimulatorOptions, startSimulator } from '@anyllm/simulator';
import { describe, expect, onTestFinished, test } from 'vitest';
import { failure, models } from './simulated.ts';

const prices = {
  'openai/*': { input: 2, output: 8, cachedInput: 1 },
  'mistral/*': { input: 2, output: 8, cachedInput: 1 },
  'ollama/*': { input: 0, output: 0 },
};

async function simulate(settings: object, options?: SimulatorOptions) {
  const simulator = await startSimulator(options);
  onTestFinished(() => simulator.close());
  const { baseURL } = simulator;
  const client = createClient({
    retries: 0,
    providers: [
      createOpenAI({ baseURL: baseURL.openai, apiKey: 'k' }),
      createMistral({ baseURL: baseURL.mistral, apiKey: 'k' }),
      createOllama({ baseURL: baseURL.ollama }),
    ],
    ...settings,
  });
  return { simulator, client };
}

const usage = { prompt: 1_000, completion: 500, cached: 400 };

describe.each(models)('%s', (model) => {
  const isFree = model.startsWith('ollama');
  const cost = isFree ? 0 : (600 * 2 + 400 * 1 + 500 * 8) / 1e6;

  test('an answer tells its cost, streamed or not', async () => {
    const { client } = await simulate({ prices }, { script: () => ({ text: 'Hi.', usage }) });
    const whole = await client.completion({ model, prompt: 'Hi' });
    expect(whole.meta.cost).toBeCloseTo(cost, 12);
    const stream = await client.completion({ model, prompt: 'Hi', stream: true });
    expect(stream.meta.cost).toBeUndefined();
    expect((await stream.completion()).meta.cost).toBeCloseTo(cost, 12);
    expect(client.spent).toMatchObject({ tokens: 3_000, unpriced: 0, cost: expect.closeTo(2 * cost, 12) });
  });

  test('without a price, or without usage, the cost is absent', async () => {
    const { client } = await simulate({ prices: {} }, { script: [{ text: 'Hi.', usage }] });
    expect((await client.completion({ model, prompt: 'Hi' })).meta).not.toHaveProperty('cost');
    const other = await simulate({ prices }, { script: [{ text: 'Hi.', usage: null }] });
    const { meta, usage: told } = await other.client.completion({ model, prompt: 'Hi' });
    if (told === undefined) expect(meta).not.toHaveProperty('cost');
  });
});

test('a client without prices keeps no account', async () => {
  const { client } = await simulate({});
  expect(client.spent).toBeUndefined();
});

test('many calls at once stay within a budget of the client: those that do not fit are not sent', async () => {
  const { client, simulator } = await simulate({ budgets: [{ maxTokens: 1_000, per: 'client' }] });
  const requests = Array.from({ length: 40 }, () => ({
    model: 'openai/gpt-4o' as const,
    prompt: 'x'.repeat(80),
    max_tokens: 76,
  }));
  const rows = await client.gather(requests, { concurrency: 40, settle: true });
  const refused = rows.filter((row) => row.status === 'rejected');
  expect(refused.every(({ reason }) => QuotaExceededError.isInstance(reason))).toBe(true);
  expect(simulator.requests).toHaveLength(10); // 24 + 76 tokens each may be used
  expect(client.spent?.tokens).toBeLessThanOrEqual(1_000);
  await client.completion(requests[0] as (typeof requests)[0]); // what was not used has come back
});

test('a retry counts towards the budget of its call, and a fallback may still fit', async () => {
  const script = () => ({ fault: { kind: 'cut', atToken: 1, by: 'rst' } as const });
  const settings = { prices, budgets: [{ maxCost: 0.001, per: 'call' }], retries: 5 };
  const { client, simulator } = await simulate(settings, { script });
  const request = { model: 'openai/gpt-4o', prompt: 'Hi', max_tokens: 60 } as const;
  expect(await failure(client.completion(request))).toBeInstanceOf(QuotaExceededError);
  expect(simulator.requests).toHaveLength(2); // each may have been billed
  simulator.script();
  const { meta } = await client.completion({ ...request, max_tokens: 1_000 }, { fallbacks: ['ollama/llama3'] });
  expect(meta).toMatchObject({ provider: 'ollama', cost: 0 });
});

test('embeddings cost their input', async () => {
  const { client } = await simulate({ prices });
  const { meta, usage: told } = await client.embedding({ model: 'openai/text-embedding-3-small', input: 'red' });
  expect(meta.cost).toBeCloseTo(((told?.prompt_tokens ?? 0) * 2) / 1e6, 12);
});

test('a run of tools adds up', async () => {
  const { client } = await simulate({ prices }, { script: [{ text: 'Hi.', usage }] });
  const { tool } = await import('@anyllm/core');
  const clock = tool({ name: 'clock', execute: () => 12 });
  const { cost } = await client.runTools({ model: 'openai/gpt-4o', prompt: 'Hi' }, { tools: [clock] });
  expect(cost).toBeCloseTo((600 * 2 + 400 + 500 * 8) / 1e6, 12);
});
