import { createClient, createLimiter, InvalidRequestError } from '@anyllm/core';
import { createOpenAI } from '@anyllm/provider-openai';
import type { Reply } from '@anyllm/simulator';
import { expect, test } from 'vitest';
import { failure, model, simulateOpenAI } from './simulated-openai.ts';

type Client = Awaited<ReturnType<typeof simulateOpenAI>>['client'];

const prompt = 'Hi';
const messages = [{ role: 'user' as const, content: prompt }];

const calls: Record<string, (client: Client) => PromiseLike<unknown>> = {
  completion: (client) => client.completion({ model, prompt }, { timeout: 200 }),
  'completion as a stream': (client) => client.completion({ model, prompt, stream: true }, { timeout: 200 }),
  embedding: (client) => client.embedding({ model, input: prompt }, { timeout: 200 }),
  messages: (client) => client.messages({ model, messages, max_tokens: 5 }, { timeout: 200 }),
  responses: (client) => client.responses({ model, input: prompt }, { timeout: 200 }),
};

const replies: Record<string, Reply> = {
  'a refusal': { status: 400 },
  'an answer that is none': { fault: { kind: 'html' } },
  'a connection that is reset': { fault: { kind: 'reset-before-headers' } },
  'a time limit': { fault: { kind: 'silence' } },
};

test.each(Object.entries(calls))('the stack of an error of %s leads to whoever called', async (_, call) => {
  for (const [what, script] of Object.entries(replies)) {
    const { client } = await simulateOpenAI({ script });
    const askFromHere = async () => {
      await call(client);
    };
    const error = (await failure(askFromHere())) as Error;
    expect(error.stack, what).toContain('askFromHere');
    expect(error.stack, what).toContain(`${error.name}: ${error.message}`);
  }
});

const wrong: [string, (client: Client) => unknown][] = [
  ['retries', (client) => client.completion({ model, prompt }, { retries: -1 })],
  ['timeout', (client) => client.completion({ model, prompt }, { timeout: { firstToken: -1 } })],
  [
    'fallbacks',
    (client) => client.completion({ model, prompt }, { fallbacks: { models: [model], when: 'x' as never } }),
  ],
  [
    'field',
    (client) => client.completion({ model, messages: [{ role: 'user', content: [{ type: 'text' }] }] as never }),
  ],
  ['limits', () => createClient({ limits: { openai: { concurrency: 5, adaptive: { minimum: 9 } } } })],
  ['settings', () => createClient({ timeout: { firstToken: -1 } })],
  ['config', () => createOpenAI({ limits: { concurrency: 5, adaptive: { minimum: 9 } } })],
  ['limiter', () => createLimiter({ concurrency: 5, adaptive: { minimum: 9 } })],
];

test.each(wrong)('the stack of an error of wrong %s leads to whoever gave them', async (_, give) => {
  const { client } = await simulateOpenAI();
  const giveFromHere = async () => {
    await give(client);
  };
  const error = (await failure(giveFromHere())) as Error;
  expect(error).toBeInstanceOf(InvalidRequestError);
  expect(error.stack).toContain('giveFromHere');
});
