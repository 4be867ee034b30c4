import { createClient } from '@anyllm/core';
import { startSimulator } from '@anyllm/simulator';
import { expect, onTestFinished, test } from 'vitest';
import { createAcme } from './create-acme.ts';

const request = { model: 'acme/some-model', prompt: 'Say hello.' } as const;

async function simulate(script: Parameters<typeof startSimulator>[0]) {
  const simulator = await startSimulator(script);
  onTestFinished(() => simulator.close());
  const provider = createAcme({ apiKey: 'test-key', baseURL: simulator.baseURL.openai });
  return { simulator, client: createClient({ providers: [provider], retries: 0 }) };
}

test('a whole answer has its text, finish reason and usage', async () => {
  const { client } = await simulate({ script: { text: 'Hello there.', usage: { prompt: 3, completion: 2 } } });
  const answer = await client.completion(request);
  expect(answer.text).toBe('Hello there.');
  expect(answer.choices[0]?.finish_reason).toBe('stop');
  expect(answer.usage).toMatchObject({ prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 });
});

test('a streamed answer is the same, piece by piece', async () => {
  const { client } = await simulate({ script: { text: 'Hello there.' } });
  const stream = await client.completion({ ...request, stream: true });
  const texts: string[] = [];
  for await (const text of stream.text()) texts.push(text);
  expect(texts.length).toBeGreaterThan(1);
  expect(texts.join('')).toBe('Hello there.');
});

test('the key goes out, and a refused one is an authentication error that does not hold it', async () => {
  const { client, simulator } = await simulate({ requireKey: 'another-key' });
  const error = await client.completion(request).catch((error) => error);
  expect(simulator.requests[0]?.headers.authorization).toBe('Bearer test-key');
  expect(error).toMatchObject({ code: 'authentication', provider: 'acme' });
  expect(JSON.stringify(error)).not.toContain('test-key');
});

test('a stream that breaks off is an error', async () => {
  const { client } = await simulate({
    script: { text: 'one two three', fault: { kind: 'cut', atToken: 2, by: 'rst' } },
  });
  const stream = await client.completion({ ...request, stream: true });
  await expect(stream.completion()).rejects.toMatchObject({ code: 'stream_interrupted' });
});

test('leaving a stream closes its connection', async () => {
  const { client, simulator } = await simulate({ script: { text: 'word '.repeat(100), latency: { tokenMs: 20 } } });
  const stream = await client.completion({ ...request, stream: true });
  for await (const _ of stream) break;
  await simulator.requests[0]?.closed;
  expect(simulator.requests[0]?.aborted).toBe(true);
});
