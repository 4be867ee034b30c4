import { expect, test } from 'vitest';
import { failure, model, simulateOpenAI } from './simulated-openai.ts';

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
