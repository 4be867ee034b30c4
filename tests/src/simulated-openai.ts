import { type ClientSettings, createClient } from '@anyllm/core';
import { createOpenAI } from '@anyllm/provider-openai';
import { type SimulatorOptions, startSimulator } from '@anyllm/simulator';
import { onTestFinished } from 'vitest';

export const model = 'openai/gpt-4o';

/** A simulator that ends with the test, and a client whose only provider asks it, once unless told otherwise. */
export async function simulateOpenAI(options?: SimulatorOptions, settings: Omit<ClientSettings, 'providers'> = {}) {
  const simulator = await startSimulator(options);
  onTestFinished(() => simulator.close());
  const provider = createOpenAI({ baseURL: simulator.baseURL.openai, apiKey: 'sk-test-key-0123456789' });
  return { simulator, client: createClient({ retries: 0, ...settings, providers: [provider] }) };
}

/** The error that a promise rejects with, or a function throws; anything else is a failure of the test. */
export async function failure(act: PromiseLike<unknown> | (() => unknown)): Promise<unknown> {
  try {
    await (typeof act === 'function' ? act() : act);
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}
