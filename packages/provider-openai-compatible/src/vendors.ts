import { type OpenAICompatibleSettings, openAICapabilities } from '@anyllm/provider-kit/openai';
import { withoutNames, withReasoningContent } from './adjust-messages.ts';
import { azureAuthHeader, azureQuery } from './azure.ts';
import type { VendorOperations } from './vendor-operations.ts';
import { withPath } from './with-path.ts';

/** All that makes a vendor: who it is, where it is, and in what it differs. */
export type Vendor = Omit<OpenAICompatibleSettings<string>, 'id' | 'config' | 'operations'> & {
  name: string;
  operations?: VendorOperations;
};

const { parameters, content: images } = openAICapabilities;
const documents = [...images, 'file'] as const;
const textOnly = { content: [] } as const;
const local = withPath('/v1', 'http');

/**
 * The vendors and servers that speak OpenAI's chat completions, by the names, variables and addresses that Mozilla's
 * any-llm has for them, so that settings carry over. Those with a protocol or a package of their own are not here, save Cohere, Jina and Voyage
 * for what they have of the common shapes.
 */
export const vendors = {
  'openai-compatible': {
    name: 'any OpenAI-compatible server',
    baseURLEnv: 'OPENAI_COMPATIBLE_BASE_URL',
    apiKeyEnv: 'OPENAI_COMPATIBLE_API_KEY',
    apiKeyOptional: true,
    quirks: { inlineThinkTags: true },
    operations: { embeddings: {}, images: {}, moderations: {}, rerank: {}, speech: {}, transcriptions: {} },
  },
  atlascloud: {
    name: 'Atlas Cloud',
    baseURL: 'https://api.atlascloud.ai/v1',
    baseURLEnv: 'ATLASCLOUD_API_BASE',
    apiKeyEnv: 'ATLASCLOUD_API_KEY',
  },
  azureopenai: {
    name: 'Azure OpenAI',
    baseURLEnv: 'AZURE_OPENAI_ENDPOINT',
    normalizeBaseURL: withPath('/openai/v1', 'https'),
    apiKeyEnv: ['AZURE_OPENAI_API_KEY', 'AZURE_OPENAI_AD_TOKEN'],
    capabilities: {
      parameters: [...parameters, 'metadata', 'prediction', 'prompt_cache_key', 'store', 'verbosity'],
      content: [...documents, 'input_audio'],
      customTools: true,
      reasoning: false,
    },
    quirks: {
      authHeader: azureAuthHeader,
      query: azureQuery,
      maxTokensField: 'max_completion_tokens',
      systemRole: 'as-is',
    },
    operations: { embeddings: { maxInputs: 2_048, maxTokens: 300_000 }, images: {}, responses: true },
  },
  cascadia: {
    name: 'Cascadia',
    baseURL: 'http://localhost:9090/v1',
    baseURLEnv: 'CASCADIA_API_BASE',
    apiKeyEnv: 'CASCADIA_API_KEY',
  },
  cerebras: {
    name: 'Cerebras',
    baseURL: 'https://api.cerebras.ai/v1',
    baseURLEnv: 'CEREBRAS_API_BASE',
    apiKeyEnv: 'CEREBRAS_API_KEY',
    capabilities: textOnly,
    quirks: {
      reasoningInHistory: 'reasoning',
      dropParams: ['frequency_penalty', 'presence_penalty', 'logit_bias'],
    },
  },
  cohere: {
    name: 'Cohere',
    baseURL: 'https://api.cohere.com',
    baseURLEnv: 'COHERE_BASE_URL',
    apiKeyEnv: ['COHERE_API_KEY', 'CO_API_KEY'],
    completions: false,
    operations: { models: false, rerank: { path: 'v2/rerank', takesMaxTokens: true } },
  },
  dashscope: {
    name: 'Alibaba DashScope',
    baseURL: 'https://dashscope.aliyuncs.com/compatible-mode/v1',
    baseURLEnv: 'DASHSCOPE_API_BASE',
    apiKeyEnv: 'DASHSCOPE_API_KEY',
    capabilities: { content: documents },
    operations: { embeddings: { maxInputs: 10, dropParams: ['user'] } },
  },
  databricks: {
    name: 'Databricks',
    baseURLEnv: 'DATABRICKS_HOST',
    normalizeBaseURL: withPath('/serving-endpoints', 'https'),
    apiKeyEnv: 'DATABRICKS_TOKEN',
    operations: { embeddings: {}, models: false },
  },
  deepinfra: {
    name: 'DeepInfra',
    baseURL: 'https://api.deepinfra.com/v1/openai',
    baseURLEnv: 'DEEPINFRA_API_BASE',
    apiKeyEnv: 'DEEPINFRA_API_KEY',
    operations: { embeddings: {} },
  },
  deepseek: {
    name: 'DeepSeek',
    baseURL: 'https://api.deepseek.com',
    baseURLEnv: 'DEEPSEEK_API_BASE',
    apiKeyEnv: 'DEEPSEEK_API_KEY',
    capabilities: textOnly,
    quirks: {
      structuredOutputs: 'json_object',
      reasoningInHistory: 'reasoning_content',
      adjustBody: withReasoningContent,
    },
  },
  edenai: {
    name: 'Eden AI',
    baseURL: 'https://api.edenai.run/v3',
    baseURLEnv: 'EDENAI_API_BASE',
    apiKeyEnv: 'EDENAI_API_KEY',
    capabilities: { content: documents },
    operations: { embeddings: {} },
  },
  fireworks: {
    name: 'Fireworks',
    baseURL: 'https://api.fireworks.ai/inference/v1',
    baseURLEnv: 'FIREWORKS_API_BASE',
    apiKeyEnv: 'FIREWORKS_API_KEY',
    quirks: { reasoningInHistory: 'reasoning_content' },
    operations: { embeddings: {}, responses: true },
  },
  github: {
    name: 'GitHub Models',
    baseURL: 'https://models.github.ai/inference',
    baseURLEnv: 'GITHUB_MODELS_API_BASE',
    apiKeyEnv: 'GITHUB_TOKEN',
    operations: { embeddings: {} },
  },
  gmi: {
    name: 'GMI Cloud',
    baseURL: 'https://api.gmi-serving.com/v1',
    baseURLEnv: 'GMI_API_BASE',
    apiKeyEnv: 'GMI_API_KEY',
  },
  groq: {
    name: 'Groq',
    baseURL: 'https://api.groq.com/openai/v1',
    baseURLEnv: 'GROQ_BASE_URL',
    apiKeyEnv: 'GROQ_API_KEY',
    capabilities: { parameters: [...parameters, 'service_tier'] },
    quirks: { dropParams: ['logit_bias', 'logprobs', 'top_logprobs', 'n'], adjustBody: withoutNames },
    operations: { responses: true, speech: {}, transcriptions: { streams: false } },
  },
  huggingface: {
    name: 'Hugging Face',
    baseURL: 'https://router.huggingface.co/v1',
    baseURLEnv: 'HUGGINGFACE_API_BASE',
    apiKeyEnv: 'HF_TOKEN',
  },
  inception: {
    name: 'Inception',
    baseURL: 'https://api.inceptionlabs.ai/v1',
    baseURLEnv: 'INCEPTION_API_BASE',
    apiKeyEnv: 'INCEPTION_API_KEY',
    capabilities: textOnly,
  },
  jina: {
    name: 'Jina AI',
    baseURL: 'https://api.jina.ai/v1',
    baseURLEnv: 'JINA_API_BASE',
    apiKeyEnv: 'JINA_API_KEY',
    completions: false,
    operations: {
      embeddings: { maxInputs: 512, dropParams: ['encoding_format', 'user'] },
      models: false,
      rerank: { body: { return_documents: false } },
    },
  },
  kenari: {
    name: 'Kenari',
    baseURL: 'https://kenari.id/v1',
    baseURLEnv: 'KENARI_API_BASE',
    apiKeyEnv: 'KENARI_API_KEY',
  },
  llama: {
    name: 'Llama API',
    baseURL: 'https://api.llama.com/compat/v1/',
    baseURLEnv: 'LLAMA_API_BASE',
    apiKeyEnv: 'LLAMA_API_KEY',
  },
  llamacpp: {
    name: 'llama.cpp',
    baseURL: 'http://127.0.0.1:8080/v1',
    baseURLEnv: 'LLAMACPP_API_BASE',
    normalizeBaseURL: local,
    quirks: { inlineThinkTags: true },
    operations: { embeddings: {}, rerank: {}, tokens: 'llamacpp' },
  },
  llamafile: {
    name: 'llamafile',
    baseURL: 'http://127.0.0.1:8080/v1',
    baseURLEnv: 'LLAMAFILE_API_BASE',
    normalizeBaseURL: local,
    quirks: { inlineThinkTags: true },
  },
  lmstudio: {
    name: 'LM Studio',
    baseURL: 'http://localhost:1234/v1',
    baseURLEnv: 'LM_STUDIO_API_BASE',
    normalizeBaseURL: local,
    apiKeyEnv: 'LM_STUDIO_API_KEY',
    apiKeyOptional: true,
    capabilities: { responseFormats: ['json_schema'] },
    quirks: { inlineThinkTags: true },
    operations: { embeddings: {} },
  },
  meta: {
    name: 'Meta',
    baseURL: 'https://api.meta.ai/v1',
    baseURLEnv: 'META_API_BASE',
    apiKeyEnv: 'MODEL_API_KEY',
    capabilities: { content: documents },
  },
  minimax: {
    name: 'MiniMax',
    baseURL: 'https://api.minimax.io/v1',
    baseURLEnv: 'MINIMAX_API_BASE',
    apiKeyEnv: 'MINIMAX_API_KEY',
    quirks: { inlineThinkTags: true },
    operations: { models: false },
  },
  moonshot: {
    name: 'Moonshot AI',
    baseURL: 'https://api.moonshot.ai/v1',
    baseURLEnv: 'MOONSHOT_API_BASE',
    apiKeyEnv: 'MOONSHOT_API_KEY',
    quirks: { reasoningInHistory: 'reasoning_content' },
  },
  mzai: {
    name: 'Mozilla.ai',
    baseURL: 'https://platform-api.any-llm.ai/api/v1',
    baseURLEnv: 'ANY_LLM_PLATFORM_URL',
    apiKeyEnv: 'ANY_LLM_KEY',
    operations: { embeddings: {} },
  },
  nebius: {
    name: 'Nebius',
    baseURL: 'https://api.studio.nebius.ai/v1',
    baseURLEnv: 'NEBIUS_API_BASE',
    apiKeyEnv: 'NEBIUS_API_KEY',
    operations: { embeddings: {} },
  },
  neosantara: {
    name: 'Neosantara',
    baseURL: 'https://api.neosantara.xyz/v1',
    baseURLEnv: 'NEOSANTARA_API_BASE',
    apiKeyEnv: 'NEOSANTARA_API_KEY',
    capabilities: { content: documents },
    operations: { embeddings: {} },
  },
  openrouter: {
    name: 'OpenRouter',
    baseURL: 'https://openrouter.ai/api/v1',
    baseURLEnv: 'OPENROUTER_API_BASE',
    apiKeyEnv: 'OPENROUTER_API_KEY',
    capabilities: { parameters: [...parameters, 'verbosity'], content: [...documents, 'input_audio'] },
    quirks: { reasoningInHistory: 'reasoning_details' },
    operations: { embeddings: {}, rerank: {}, responses: true },
  },
  ovhcloud: {
    name: 'OVHcloud',
    baseURL: 'https://oai.endpoints.kepler.ai.cloud.ovh.net/v1',
    baseURLEnv: 'OVHCLOUD_API_BASE',
    apiKeyEnv: 'OVHCLOUD_API_KEY',
  },
  perplexity: {
    name: 'Perplexity',
    baseURL: 'https://api.perplexity.ai',
    baseURLEnv: 'PERPLEXITY_BASE_URL',
    apiKeyEnv: 'PERPLEXITY_API_KEY',
    capabilities: { responseFormats: ['json_schema'] },
    quirks: {
      includeUsage: false, // it comes with every chunk
      inlineThinkTags: true,
      dropParams: ['tools', 'tool_choice', 'parallel_tool_calls', 'stop', 'seed', 'n'],
    },
    operations: { models: false },
  },
  portkey: {
    name: 'Portkey',
    baseURL: 'https://api.portkey.ai/v1',
    baseURLEnv: 'PORTKEY_API_BASE',
    apiKeyEnv: 'PORTKEY_API_KEY',
    capabilities: { content: documents },
    quirks: { inlineThinkTags: true },
  },
  qiniu: {
    name: 'Qiniu',
    baseURL: 'https://api.qnaigc.com/v1',
    baseURLEnv: 'QINIU_API_BASE',
    apiKeyEnv: 'QINIU_API_KEY',
    operations: { embeddings: {} },
  },
  requesty: {
    name: 'Requesty',
    baseURL: 'https://router.requesty.ai/v1',
    baseURLEnv: 'REQUESTY_API_BASE',
    apiKeyEnv: 'REQUESTY_API_KEY',
    capabilities: { content: documents },
    operations: { embeddings: {} },
  },
  sambanova: {
    name: 'SambaNova',
    baseURL: 'https://api.sambanova.ai/v1/',
    baseURLEnv: 'SAMBANOVA_API_BASE',
    apiKeyEnv: 'SAMBANOVA_API_KEY',
    quirks: { inlineThinkTags: true },
    operations: { embeddings: { dropParams: ['encoding_format'] } },
  },
  telnyx: {
    name: 'Telnyx',
    baseURL: 'https://api.telnyx.com/v2/ai',
    baseURLEnv: 'TELNYX_API_BASE',
    apiKeyEnv: 'TELNYX_API_KEY',
  },
  together: {
    name: 'Together AI',
    baseURL: 'https://api.together.xyz/v1',
    baseURLEnv: 'TOGETHER_API_BASE',
    apiKeyEnv: 'TOGETHER_API_KEY',
    quirks: { inlineThinkTags: true },
    operations: { embeddings: {}, rerank: {} },
  },
  vllm: {
    name: 'vLLM',
    baseURL: 'http://localhost:8000/v1',
    baseURLEnv: 'VLLM_API_BASE',
    normalizeBaseURL: local,
    apiKeyEnv: 'VLLM_API_KEY',
    apiKeyOptional: true,
    quirks: { reasoningInHistory: 'reasoning', inlineThinkTags: true },
    operations: { embeddings: {}, rerank: {}, tokens: 'vllm', transcriptions: {} },
  },
  voyage: {
    name: 'Voyage AI',
    baseURL: 'https://api.voyageai.com/v1',
    baseURLEnv: 'VOYAGE_API_BASE',
    apiKeyEnv: 'VOYAGE_API_KEY',
    completions: false,
    operations: {
      embeddings: {
        maxInputs: 1_000,
        maxTokens: 120_000,
        renameParams: { dimensions: 'output_dimension' },
        dropParams: ['user'],
      },
      models: false,
      rerank: { topField: 'top_k' },
    },
  },
  xai: {
    name: 'xAI',
    baseURL: 'https://api.x.ai/v1',
    baseURLEnv: 'XAI_API_BASE',
    apiKeyEnv: 'XAI_API_KEY',
    operations: { responses: true },
  },
  zai: {
    name: 'Z.ai',
    baseURL: 'https://api.z.ai/api/paas/v4/',
    baseURLEnv: 'ZAI_BASE_URL',
    apiKeyEnv: 'ZAI_API_KEY',
  },
} satisfies Record<string, Vendor>;

/** The prefix of a vendor's model ids. */
export type VendorId = keyof typeof vendors;

export const vendorIds = Object.keys(vendors) as VendorId[];
