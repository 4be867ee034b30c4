import { defineProvider, foldCompletion, type Provider, type ProviderConfig } from '@anyllm/core/provider';
import { createSseDecoder, createUndiciTransport, requestJson, requestStream } from '@anyllm/provider-kit';
import { openAICompatible, type Quirks } from '@anyllm/provider-kit/openai';

const quirks: Quirks = { maxTokensField: 'max_completion_tokens' };

export function createAcme(config: ProviderConfig = {}): Provider<'acme'> {
  return openAICompatible({ id: 'acme', baseURL: 'https://api.acme.example/v1', quirks, config });
}

export const silent = defineProvider({
  id: 'silent',
  complete: async () => foldCompletion([]),
  async *stream() {},
});

export const parts = [createSseDecoder, createUndiciTransport, requestJson, requestStream];

// @ts-expect-error a provider streams as well
defineProvider({ id: 'half', complete: async () => foldCompletion([]) });
// @ts-expect-error no such quirk
export const misspelt: Quirks = { maxTokenField: 'max_tokens' };
