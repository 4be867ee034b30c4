import { createClient } from '@anyllm/core';
import { createMistral } from '@anyllm/provider-mistral';
import { createOllama } from '@anyllm/provider-ollama';
import { createOpenAI } from '@anyllm/provider-openai';
import { type Simulator, type SimulatorOptions, startSimulator } from '@anyllm/simulator';
import { onTestFinished } from 'vitest';

/** One model of each provider, for tests that hold for all three. */
export const models = ['openai/gpt-4o', 'mistral/mistral-small-latest', 'ollama/llama3'] as const;

/** A simulator that ends with the test, and a client whose three providers ask it. */
export async function simulate(options?: SimulatorOptions) {
  const simulator = await startSimulator(options);
  onTestFinished(() => simulator.close());
  return { simulator, client: clientOf(simulator) };
}

export function clientOf({ baseURL }: Simulator) {
  return createClient({
    retries: 0, // these tests look at single attempts; retries have their own
    providers: [
      createOpenAI({ baseURL: baseURL.openai, apiKey: 'test-key' }),
      createMistral({ baseURL: baseURL.mistral, apiKey: 'test-key' }),
      createOllama({ baseURL: baseURL.ollama }),
    ],
  });
}

/** The error that a promise rejects with; a promise that does not is a failure of the test. */
export async function failure(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it did not reject');
}

/** Waits until something holds, for at most `withinMs`. */
export async function eventually(holds: () => boolean, withinMs = 2_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`it did not hold within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
