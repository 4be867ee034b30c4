import { getEventListeners } from 'node:events';
import type { Client } from '@anyllm/core';
import { expect, test } from 'vitest';
import { ask, forms, mistral, openai, quick, world } from './policy-world.ts';
import { failure } from './simulated.ts';

const tokens = ['a', 'b', 'c'];
const cut = { tokens, fault: { kind: 'cut', atToken: 1, by: 'rst' } } as const;

const calls: Record<string, (client: Client, signal: AbortSignal) => Promise<unknown>> = {
  'a whole answer': (client, signal) => ask(client, false, openai, { signal }),
  'a stream': (client, signal) => ask(client, true, openai, { signal }),
  'a stream that was left': async (client, signal) => {
    for await (const _ of await client.completion({ model: openai, prompt: 'Hi', stream: true }, { signal })) break;
  },
  'a stream that nobody read, at its deadline': async (client, signal) => {
    await client.completion({ model: openai, prompt: 'Hi', stream: true }, { signal, timeout: 30 });
    await new Promise((resolve) => setTimeout(resolve, 60));
  },
  'a wrong request': (client, signal) => failure(client.completion({ model: openai } as never, { signal })),
  'a wrong key': (client, signal) => failure(ask(client, false, openai, { signal, apiKey: 'bad' })),
};

test.each(Object.entries(calls))('%s leaves no listener on the signal of the caller', async (_, call) => {
  const { client } = await world(
    ({ headers }) => (headers.authorization === 'Bearer bad' ? { status: 401 } : { tokens, latency: { tokenMs: 10 } }),
    { hedge: { afterMs: 5, maxShare: 1 } },
  );
  const { signal } = new AbortController();
  await call(client, signal);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test.each(forms)(
  'retries, fallbacks and restarts leave no listener on the signal of the caller, $form',
  async ({ stream }) => {
    const { client } = await world([{ status: 500 }, { status: 500 }, { status: 500 }, cut], {
      retries: quick,
      fallbacks: [mistral],
    });
    const { signal } = new AbortController();
    await failure(ask(client, stream, openai, { signal, onInterrupt: 'restart' })).catch(() => {});
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  },
);

test('after calls of every kind no timer is left', async () => {
  const { client } = await world(
    ({ index }) => (index % 3 === 0 ? { status: 500 } : { tokens, latency: { tokenMs: 5 } }),
    {
      retries: quick,
      hedge: { afterMs: 10, maxShare: 1 },
      limits: { openai: { concurrency: 4 } },
    },
  );
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  await ask(client, true, openai);
  const before = timers();
  const many = Array.from({ length: 30 }, (_, at) => ask(client, at % 2 === 0, openai, { timeout: 20_000 }));
  await Promise.allSettled(many);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(timers()).toBeLessThanOrEqual(before);
});
