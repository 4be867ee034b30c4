import { AnyLLMError, createClient, InvalidRequestError, OverloadedError, tool } from '@anyllm/core';
import { defineProvider } from '@anyllm/core/provider';
import { expect, test } from 'vitest';
import { failure, model, simulateOpenAI } from './simulated-openai.ts';

const weather = tool({ name: 'weather', execute: () => 'sunny' });

// What a start leaves out is loaded by the first call that needs it. Each test is the first of its kind here.

test('the first streams, all at once, give each its answer, and one that is left meanwhile asks nobody', async () => {
  const { client, simulator } = await simulateOpenAI();
  const stream = async (prompt: string, signal?: AbortSignal) => {
    const answer = await client.completion({ model, prompt, stream: true }, signal ? { signal } : {});
    return (await answer.completion()).text;
  };
  const controller = new AbortController();
  const left = failure(stream('nobody', controller.signal));
  const asked = ['one', 'two', 'three'].map((prompt) => stream(prompt));
  controller.abort('enough');
  expect(await left).toBe('enough');
  const texts = await Promise.all(asked);
  for (const [at, prompt] of ['one', 'two', 'three'].entries()) expect(texts[at]).toContain(prompt);
  expect(simulator.requests).toHaveLength(3);
});

test('the first operations, all at once, are answered; what is left meanwhile asks nobody', async () => {
  const { client, simulator } = await simulateOpenAI();
  const embedder = 'openai/text-embedding-3-small';
  const controller = new AbortController();
  const vectors = client.embedding.stream({ model: embedder, input: ['left'] });
  const next = vectors[Symbol.asyncIterator]().next();
  const models = client.listModels('openai')[Symbol.asyncIterator]();
  const left = [
    vectors[Symbol.asyncDispose](),
    models.return(undefined),
    failure(client.embedding({ model: embedder, input: 'left' }, { signal: controller.signal })),
    failure(client.runTools({ model, prompt: 'left' }, { tools: [weather], signal: controller.signal })),
    failure(client.compare({ prompt: 'left' }, { models: [model], signal: controller.signal })),
  ];
  const refused = failure(client.moderation({ model }));
  const asked = Promise.all([
    client.embedding({ model: embedder, input: 'asked' }),
    client.moderation({ model: 'openai/omni-moderation-latest', input: 'asked' }),
    client.listModels('openai'),
    client.compare({ prompt: 'asked' }, { models: [model] }),
    client.messages({ model, messages: [{ role: 'user', content: 'asked' }], max_tokens: 5 }),
  ]);
  controller.abort('enough');
  expect(await Promise.all(left)).toEqual([undefined, { done: true }, 'enough', 'enough', 'enough']);
  expect(await next).toEqual({ done: true });
  expect(await refused).toBeInstanceOf(InvalidRequestError);
  const [embedding, moderation, list, { rows }, message] = await asked;
  expect([embedding.data, moderation.results, rows, message.content].map(({ length }) => length)).toEqual([1, 1, 1, 1]);
  expect(list.length).toBeGreaterThan(3);
  expect(JSON.stringify(simulator.requests.map(({ body }) => body))).not.toContain('left');
});

test('the first failures, all at once, are retried', async () => {
  let asked = 0;
  const failing = defineProvider({
    id: 'failing',
    async complete() {
      asked++;
      throw new OverloadedError('not now', { retryable: true, retryAfterMs: 1 });
    },
    async *stream() {},
  });
  const client = createClient({ providers: [failing], retries: { attempts: 3, baseMs: 1 } });
  const calls = [1, 2].map(() => failure(client.completion({ model: 'failing/x', prompt: 'Hi' })));
  const expected = { code: 'overloaded', attempts: { length: 3 } };
  expect(await Promise.all(calls)).toMatchObject([expected, expected]);
  expect(asked).toBe(2 * 3);
});

test('the first answers with more than text, all at once, are read; an error among them is one', async () => {
  const { client, simulator } = await simulateOpenAI({
    script: ({ text }) =>
      text.includes('fail')
        ? { status: 200, body: { error: { message: 'overloaded', code: 529 } } }
        : { toolCalls: [{ id: 'a', name: 'f', arguments: { x: 1 } }] },
  });
  const [called, failed, again] = await Promise.all([
    client.completion({ model, prompt: 'call' }),
    failure(client.completion({ model, prompt: 'fail' })),
    client.completion({ model, prompt: 'call again' }),
  ]);
  for (const { choices } of [called, again]) expect(choices[0]?.message.tool_calls?.[0]).toMatchObject({ id: 'a' });
  expect(failed).toBeInstanceOf(AnyLLMError);
  expect(failed).toMatchObject({ provider: 'openai', attempts: [{ status: 200 }] });
  expect(simulator.requests).toHaveLength(3);
});
