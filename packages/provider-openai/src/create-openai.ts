import type { Provider, ProviderConfig } from '@anyllm/core/provider';
import {
  openAIBatches,
  openAICapabilities,
  openAICompatible,
  openAIEmbeddings,
  openAIImages,
  openAIModels,
  openAIModerations,
  openAIResponses,
  openAISpeech,
  openAITokenCounts,
  openAITranscriptions,
} from '@anyllm/provider-kit/openai';
import { adjustForModel } from './adjust-for-model.ts';
import { isReasoningModel } from './reasoning-model.ts';

/**
 * OpenAI's chat completions. From the environment: `OPENAI_API_KEY`, `OPENAI_BASE_URL`, and for keys that belong to
 * several organizations or projects `OPENAI_ORG_ID` and `OPENAI_PROJECT_ID`.
 */
export function createOpenAI(config: ProviderConfig = {}): Provider<'openai'> {
  return openAICompatible({
    id: 'openai',
    name: 'OpenAI',
    baseURL: 'https://api.openai.com/v1',
    baseURLEnv: 'OPENAI_BASE_URL',
    apiKeyEnv: 'OPENAI_API_KEY',
    capabilities: {
      parameters: [
        ...openAICapabilities.parameters,
        'audio',
        'metadata',
        'modalities',
        'moderation',
        'prediction',
        'prompt_cache_key',
        'prompt_cache_options',
        'prompt_cache_retention',
        'safety_identifier',
        'service_tier',
        'store',
        'verbosity',
        'web_search_options',
      ],
      content: ['image_url', 'image_data', 'input_audio', 'file'],
      customTools: true,
      reasoning: false, // the chat endpoint tells only how many tokens it took
    },
    quirks: {
      maxTokensField: 'max_completion_tokens',
      systemRole: ({ model }) => (isReasoningModel(model) ? 'developer' : 'system'),
      adjustBody: adjustForModel,
      headers: accountHeaders,
    },
    operations: (endpoint, chat) => ({
      batches: openAIBatches('openai', endpoint, chat),
      countTokens: openAITokenCounts('openai', endpoint),
      embed: openAIEmbeddings('openai', endpoint, { takesDimensions: (model) => model !== 'text-embedding-ada-002' }),
      embeddingLimits: { maxInputs: 2_048, maxTokens: 300_000 },
      listModels: openAIModels(endpoint),
      moderate: openAIModerations('openai', endpoint),
      ...openAIImages('openai', endpoint, async () => (await mediaQuirks()).imagesQuirks),
      ...openAISpeech('openai', endpoint, async () => (await mediaQuirks()).speechQuirks),
      ...openAITranscriptions('openai', endpoint, async () => (await mediaQuirks()).transcriptionsQuirks),
      ...openAIResponses('openai', endpoint),
    }),
    config,
  });
}

const mediaQuirks = () => import('./media-quirks.ts');

function accountHeaders(): Record<string, string> {
  const { OPENAI_ORG_ID, OPENAI_PROJECT_ID } = globalThis.process?.env ?? {};
  const organization = OPENAI_ORG_ID?.trim();
  const project = OPENAI_PROJECT_ID?.trim();
  const headers: Record<string, string> = {};
  if (organization) headers['openai-organization'] = organization;
  if (project) headers['openai-project'] = project;
  return headers;
}
