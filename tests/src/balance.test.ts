import type { BalanceOptions } from '@anyllm/core';
import type { Reply } from '@anyllm/simulator';
import { expect, test } from 'vitest';
import { ask, forms, mistral, ollama, openai, silence, world } from './policy-world.ts';
import { failure } from './simulated.ts';

const pool = (strategy: NonNullable<BalanceOptions['strategy']>, weights = [1, 1]) => ({
  retries: 0,
  balance: { pool: { strategy, models: [openai, ollama].map((model, at) => ({ model, weight: weights[at] ?? 1 })) } },
});

test.each(forms)('$form calls are shared by weight', async ({ stream }) => {
  const { client, asked } = await world(undefined, pool('weighted', [3, 1]));
  await Promise.all(Array.from({ length: 40 }, () => ask(client, stream, 'pool')));
  expect([asked('gpt-4o'), asked('llama3')]).toEqual([30, 10]);
});

test('the answer tells which deployment gave it', async () => {
  const { client } = await world(undefined, pool('weighted', [1, 1]));
  const answers = [await ask(client, false, 'pool'), await ask(client, false, 'pool')];
  expect(new Set(answers.map(({ meta }) => meta.provider))).toEqual(new Set(['openai', 'ollama']));
});

test.each(forms)('the least busy deployment is asked, $form', async ({ stream }) => {
  const script = ({ dialect }: { dialect: string }) => (dialect === 'openai' ? silence : {});
  const { client, simulator, asked } = await world(script, pool('least-busy'));
  const controller = new AbortController();
  const hanging = failure(ask(client, stream, 'pool', { signal: controller.signal }));
  await simulator.waitFor(1);
  for (let i = 0; i < 5; i++) await ask(client, stream, 'pool');
  expect([asked('gpt-4o'), asked('llama3')]).toEqual([1, 5]);
  controller.abort();
  await hanging;
});

test('calls that are made at the same moment do not all choose the same deployment', async () => {
  const { client, asked } = await world({ latency: { headersMs: 30 } }, pool('least-busy'));
  await Promise.all(Array.from({ length: 20 }, () => ask(client, false, 'pool')));
  expect([asked('gpt-4o'), asked('llama3')]).toEqual([10, 10]);
});

const leftEarly: Record<string, (client: Awaited<ReturnType<typeof world>>['client']) => Promise<unknown>> = {
  'was aborted before it began': (client) =>
    ask(client, false, 'pool', { signal: AbortSignal.abort(new Error('left')) }),
  'had a wrong option': (client) => ask(client, false, 'pool', { timeout: { total: -1 } }),
  'asked for what nobody has': (client) =>
    client.completion({ model: 'pool', prompt: 'Hi', n: 2, stream: false }, { unsupported: 'error' }),
  'named the pool only as a fallback': (client) => ask(client, false, mistral, { fallbacks: ['pool'] }),
  'broke off a stream': async (client) => {
    for await (const _ of await client.completion({ model: 'pool', prompt: 'Hi', stream: true })) break;
  },
  'closed a stream unread': async (client) => {
    (await client.completion({ model: 'pool', prompt: 'Hi', stream: true })).close();
  },
};

test.each(Object.entries(leftEarly))('a call that %s does not count as busy afterwards', async (_, call) => {
  const { client, asked } = await world(undefined, pool('least-busy'));
  for (let i = 0; i < 3; i++) await call(client).catch(() => {});
  const before = [asked('gpt-4o'), asked('llama3')] as const;
  for (let i = 0; i < 8; i++) await ask(client, false, 'pool');
  expect([asked('gpt-4o') - before[0], asked('llama3') - before[1]]).toEqual([4, 4]);
});

test.each(forms)('where one deployment fails, the others are asked, $form', async ({ stream }) => {
  const script = ({ dialect }: { dialect: string }) => (dialect === 'openai' ? { status: 503 } : { text: 'well' });
  const { client } = await world(script, pool('weighted', [9, 1]));
  for (let i = 0; i < 4; i++) expect((await ask(client, stream, 'pool')).text).toBe('well');
});

test('a pool may be followed by fallbacks', async () => {
  const script = ({ dialect }: { dialect: string }) => (dialect === 'mistral' ? { text: 'well' } : { status: 503 });
  const { client } = await world(script, { ...pool('weighted'), fallbacks: [mistral] });
  const { text, meta } = await ask(client, false, 'pool');
  expect(text).toBe('well');
  expect(new Set(meta.attempts.map(({ provider }) => provider))).toEqual(new Set(['openai', 'ollama', 'mistral']));
});

test('the deployment that answers fastest gets most of the calls', async () => {
  const script = ({ dialect }: { dialect: string }) => ({ latency: { headersMs: dialect === 'openai' ? 400 : 1 } });
  const { client, asked } = await world(script, pool('lowest-latency'));
  for (let i = 0; i < 12; i++) await ask(client, false, 'pool');
  expect(asked('llama3')).toBeGreaterThan(asked('gpt-4o'));
});

test('what another deployment took to fail is not the latency of the one that answered', async () => {
  const replies: Record<string, Reply> = {
    openai: { status: 503, latency: { headersMs: 300 } },
    ollama: { latency: { headersMs: 10 } },
    mistral: { latency: { headersMs: 400 } },
  };
  const models = [openai, ollama, mistral].map((model) => ({ model }));
  const balance = { pool: { strategy: 'lowest-latency' as const, models } };
  const { client, asked } = await world(({ dialect }) => replies[dialect], { retries: 0, balance });
  for (let i = 0; i < 3; i++) await ask(client, true, 'pool');
  const before = asked('llama3');
  for (let i = 0; i < 5; i++) await ask(client, true, 'pool');
  expect(asked('llama3') - before).toBe(5);
});
