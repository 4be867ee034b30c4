import OpenAI from 'openai';
import { expect, it, onTestFinished } from 'vitest';
import { startSimulator } from './start-simulator.ts';

it("OpenAI's client gets the count of an input", async () => {
  const simulator = await startSimulator();
  onTestFinished(() => simulator.close());
  const client = new OpenAI({ baseURL: simulator.baseURL.openai, apiKey: 'sk-anything', maxRetries: 0 });
  const { object, input_tokens } = await client.responses.inputTokens.count({ model: 'gpt-5', input: 'one two three' });
  expect([object, input_tokens]).toEqual(['response.input_tokens', 3]);
});
