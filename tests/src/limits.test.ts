import { expect, test } from 'vitest';
import { ask, openai, world } from './policy-world.ts';

const one = { limits: { openai: { concurrency: 1 } }, retries: 0 };
const tokens = ['one ', 'two ', 'three ', 'four '];

/** The slot is free when another call gets through. */
test('an abort frees the slot of a stream that nobody reads', async () => {
  const { simulator, client } = await world([{ tokens, latency: { tokenMs: 50 } }], one);
  const controller = new AbortController();
  await client.completion({ model: openai, prompt: 'Hi', stream: true }, { signal: controller.signal });
  controller.abort(new Error('left'));
  await simulator.requests[0]?.closed;
  expect((await ask(client, false, openai, { timeout: 2_000 })).text).not.toBe('');
});

test('a timeout frees the slot of a stream that nobody reads', async () => {
  const { simulator, client } = await world([{ tokens, latency: { tokenMs: 50 } }], one);
  await client.completion({ model: openai, prompt: 'Hi', stream: true }, { timeout: 80 });
  await simulator.requests[0]?.closed;
  expect((await ask(client, false, openai, { timeout: 2_000 })).text).not.toBe('');
});
