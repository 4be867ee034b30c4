import type { Capabilities, Provider, ProviderConfig } from '@anyllm/core/provider';
import {
  openAIBatches,
  openAICompatible,
  openAIEmbeddings,
  openAIModels,
  openAIModerations,
  openAISpeech,
  openAITranscriptions,
} from '@anyllm/provider-kit/openai';
import { adjustForMistral } from './adjust-for-mistral.ts';
import { mistralBatchWire } from './batch-wire.ts';
import { toMistralMessages } from './to-mistral-messages.ts';

/**
 * What Mistral's request type (`ChatCompletionRequest` of its own client, 2.7.0) has a field for. The server refuses
 * every other one.
 */
const capabilities: Partial<Capabilities> = {
  parameters: [
    'temperature',
    'top_p',
    'stop',
    'seed',
    'frequency_penalty',
    'presence_penalty',
    'n',
    'tools',
    'tool_choice',
    'parallel_tool_calls',
    'response_format',
    'reasoning_effort',
    'prediction',
    'metadata',
    'prompt_cache_key',
    'service_tier',
  ],
  content: ['image_url', 'image_data', 'input_audio', 'file'],
};

/**
 * Mistral's chat completions. From the environment: `MISTRAL_API_KEY`, and `MISTRAL_API_BASE` or `MISTRAL_BASE_URL`,
 * with or without `/v1` at the end.
 */
export function createMistral(config: ProviderConfig = {}): Provider<'mistral'> {
  return openAICompatible({
    id: 'mistral',
    name: 'Mistral',
    baseURL: 'https://api.mistral.ai',
    baseURLEnv: ['MISTRAL_API_BASE', 'MISTRAL_BASE_URL'],
    normalizeBaseURL: withVersion,
    apiKeyEnv: 'MISTRAL_API_KEY',
    capabilities,
    quirks: {
      includeUsage: false, // it comes unasked, and `stream_options` is refused
      renameParams: { seed: 'random_seed' },
      toMessages: toMistralMessages,
      adjustBody: adjustForMistral,
    },
    operations: (endpoint, chat) => ({
      batches: openAIBatches('mistral', endpoint, chat, mistralBatchWire),
      embed: openAIEmbeddings('mistral', endpoint, {
        renameParams: { dimensions: 'output_dimension' },
        dropParams: ['user'],
        takesDimensions: (model) => !model.startsWith('mistral-embed'),
      }),
      embeddingLimits: { maxInputs: 32, maxTokens: 16_384 },
      listModels: openAIModels(endpoint),
      moderate: openAIModerations('mistral', endpoint, {
        takesParts: false,
        conversation: {
          path: 'chat/moderations',
          toInput: (messages, model) => [toMistralMessages(messages, { model })],
        },
      }),
      ...openAISpeech('mistral', endpoint, async () => (await audioQuirks()).speechQuirks),
      ...openAITranscriptions('mistral', endpoint, async () => (await audioQuirks()).transcriptionsQuirks),
    }),
    config,
  });
}

const audioQuirks = () => import('./audio-quirks.ts');

/** People write the address both ways. */
function withVersion(baseURL: string): string {
  const [address = '', query] = baseURL.split(/(?=\?)/);
  return `${address.replace(/\/*(?:\/v1)?\/*$/, '')}/v1${query ?? ''}`;
}
