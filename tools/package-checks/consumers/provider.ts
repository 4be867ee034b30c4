import { foldCompletion } from '@anyllm/core/fold';
import { defineProvider, type Provider, type ProviderConfig } from '@anyllm/core/provider';
import { createSseDecoder, createUndiciTransport, requestJson, requestStream } from '@anyllm/provider-kit';
import { openAICompatible, type Quirks } from '@anyllm/provider-kit/openai';
import { testProvider } from '@anyllm/provider-testing';
import { type Script, startSimulator } from '@anyllm/simulator';

const quirks: Quirks = { maxTokensField: 'max_completion_tokens' };

export function createAcme(config: ProviderConfig = {}): Provider<'acme'> {
  return openAICompatible({ id: 'acme', baseURL: 'https://api.acme.example/v1', quirks, config });
}

export const silent = defineProvider({
  id: 'silent',
  complete: async () => foldCompletion([]),
  async *stream() {},
});

testProvider({ test: (_title, run) => void run(), createProvider: createAcme, simulate: 'openai' });

export async function simulated(script: Script): Promise<string> {
  await using simulator = await startSimulator({ script });
  return simulator.baseURL.openai;
}

export const parts = [createSseDecoder, createUndiciTransport, requestJson, requestStream];

// @ts-expect-error a provider streams as well
defineProvider({ id: 'half', complete: async () => foldCompletion([]) });
// @ts-expect-error no such quirk
export const misspelt: Quirks = { maxTokenField: 'max_tokens' };
