import { expect, test } from 'vitest';
import { model, simulateOpenAI } from './simulated-openai.ts';

const slow = { tokens: Array.from({ length: 100 }, (_, at) => `${at} `), latency: { tokenMs: 20 } };
const oneAtATime = { limits: { openai: { concurrency: 1 } } };

/** An answer to a second call, which has to wait for the slot of the first. */
function answer({ simulator, client }: Awaited<ReturnType<typeof simulateOpenAI>>) {
  simulator.script();
  return client.completion({ model, prompt: 'Hi' }, { timeout: 1_000 });
}

test('a stream that is aborted while nobody reads it gives its slot back', async () => {
  const simulated = await simulateOpenAI({ script: slow }, oneAtATime);
  const controller = new AbortController();
  await simulated.client.completion({ model, prompt: 'Hi', stream: true }, { signal: controller.signal });
  controller.abort(new Error('the user left'));
  expect((await answer(simulated)).text).not.toBe('');
});

test('a stream whose time is up while nobody reads it gives its slot back', async () => {
  const simulated = await simulateOpenAI({ script: slow }, oneAtATime);
  const stream = await simulated.client.completion({ model, prompt: 'Hi', stream: true }, { timeout: 200 });
  expect((await answer(simulated)).text).not.toBe('');
  await expect(stream.completion()).rejects.toMatchObject({ code: 'timeout', partial: { text: '0 ' } });
});
