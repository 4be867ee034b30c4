import { InvalidRequestError, RateLimitError, UnsupportedParameterError } from '@anyllm/core';
import { expect, test } from 'vitest';
import { failure, simulate } from './simulated.ts';

test('texts become vectors in their order, with usage and an account of the call', async () => {
  const { client } = await simulate();
  const answer = await client.embedding({
    model: 'openai/text-embedding-3-small',
    input: ['red', 'blue'],
    dimensions: 8,
  });
  expect(answer.data.map(({ index, embedding }) => [index, embedding.length])).toEqual([
    [0, 8],
    [1, 8],
  ]);
  expect(answer.usage?.total_tokens).toBeGreaterThan(0);
  expect(answer.meta).toMatchObject({ provider: 'openai', model: 'text-embedding-3-small' });
});

test('the policy of the client holds: a rate limit is retried, and is an error of its class without retries', async () => {
  const { client, simulator } = await simulate({ script: [{ status: 429, headers: { 'retry-after-ms': '1' } }] });
  const request = { model: 'openai/text-embedding-3-small', input: 'red' } as const;
  const answer = await client.embedding(request, { retries: 1 });
  expect(answer.meta.attempts.map(({ status }) => status)).toEqual([429, 200]);
  simulator.script([{ status: 429 }]);
  expect(await failure(client.embedding(request))).toBeInstanceOf(RateLimitError);
});

test.each([
  [{ model: 'openai/m' }, 'input'],
  [{ model: 'openai/m', input: [] }, 'input'],
  [{ model: 'openai/m', input: ['a', ''] }, 'input[1]'],
  [{ model: 'openai/m', input: 'a', dimension: 3 }, 'dimension'],
])('%j is refused with the path of the wrong field', async (request, path) => {
  const { client } = await simulate();
  const error = await failure(client.embedding(request as never));
  expect(error).toBeInstanceOf(InvalidRequestError);
  expect(error).toMatchObject({ path });
});

test('a provider without embeddings refuses before the network', async () => {
  const { client, simulator } = await simulate();
  const error = await failure(client.embedding({ model: 'ollama/llama3', input: 'red' }));
  expect(error).toBeInstanceOf(UnsupportedParameterError);
  expect((error as Error).message).toBe('ollama: embeddings are not supported (the provider has no `embed`)');
  expect(simulator.requests).toEqual([]);
});
