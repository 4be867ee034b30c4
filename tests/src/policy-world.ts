import { type Client, type ClientSettings, createClient } from '@anyllm/core';
import { createMistral } from '@anyllm/provider-mistral';
import { createOllama } from '@anyllm/provider-ollama';
import { createOpenAI } from '@anyllm/provider-openai';
import { type Reply, type Script, type Simulator, startSimulator } from '@anyllm/simulator';
import { onTestFinished } from 'vitest';

export const openai = 'openai/gpt-4o';
export const mistral = 'mistral/mistral-small-latest';
export const ollama = 'ollama/llama3';

/** Retries whose waits a test does not notice. */
export const quick = { baseMs: 1 };

export const silence: Reply = { fault: { kind: 'silence' } };

export interface World {
  simulator: Simulator;
  client: Client;
  /** How many requests came in, for each model that was asked or for one. */
  asked(model?: string): number;
}

/** A simulator that ends with the test, and a client of the three providers with the policy that is under test. */
export async function world(script?: Script, settings: Omit<ClientSettings, 'providers'> = {}): Promise<World> {
  const simulator = await startSimulator(script === undefined ? {} : { script });
  onTestFinished(() => simulator.close());
  const { baseURL, requests } = simulator;
  const providers = [
    createOpenAI({ baseURL: baseURL.openai, apiKey: 'key-of-openai' }),
    createMistral({ baseURL: baseURL.mistral, apiKey: 'key-of-mistral' }),
    createOllama({ baseURL: baseURL.ollama }),
  ];
  const asked = (model?: string) => requests.filter(({ body }) => model === undefined || body?.model === model).length;
  return { simulator, client: createClient({ ...settings, providers }) as Client, asked };
}

/** Asks whole or streamed, and reads a stream to its end. */
export async function ask(client: Client, stream: boolean, model: string | string[], options: object = {}) {
  const request = { model, prompt: 'Hi' };
  if (!stream) return client.completion(request, options);
  return (await client.completion({ ...request, stream: true }, options)).completion();
}

export const forms = [
  { form: 'whole', stream: false },
  { form: 'streamed', stream: true },
] as const;

export function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** What a promise takes, in milliseconds, however it ends. */
export async function timed(promise: PromiseLike<unknown>): Promise<number> {
  const startedAt = performance.now();
  await promise.then(
    () => {},
    () => {},
  );
  return performance.now() - startedAt;
}
