import type { ProviderOperations } from '@anyllm/core/provider';
import {
  type EmbeddingsQuirks,
  type Endpoint,
  llamacppTokenCounts,
  type ModerationsQuirks,
  openAIEmbeddings,
  openAIModels,
  openAIModerations,
  openAIRerank,
  openAIResponses,
  type RerankQuirks,
  vllmTokenCounts,
} from '@anyllm/provider-kit/openai';

/** What a vendor can do beside completions, and in what it differs there. An operation that is absent is refused, but for `responses`. */
export interface VendorOperations {
  embeddings?: EmbeddingsQuirks & ProviderOperations['embeddingLimits'];
  /** Whether it lists its models. Default `true`. */
  models?: boolean;
  moderations?: ModerationsQuirks;
  /** Whether it has the Responses API itself. Default `false`: they are served over chat. */
  responses?: boolean;
  rerank?: RerankQuirks;
  /** In whose way it counts tokens. */
  tokens?: keyof typeof tokenCounts;
}

const tokenCounts = { llamacpp: llamacppTokenCounts, vllm: vllmTokenCounts };

export function toOperations(
  id: string,
  { embeddings, models = true, moderations, rerank, responses, tokens }: VendorOperations,
  endpoint: Endpoint,
): Partial<ProviderOperations> {
  return {
    ...(embeddings && { embed: openAIEmbeddings(id, endpoint, embeddings), embeddingLimits: limitsOf(embeddings) }),
    ...(models && { listModels: openAIModels(endpoint) }),
    ...(responses && openAIResponses(id, endpoint)),
    ...(tokens && { countTokens: tokenCounts[tokens](id, endpoint) }),
    ...(rerank && { rerank: openAIRerank(id, endpoint, rerank) }),
    ...(moderations && { moderate: openAIModerations(id, endpoint, moderations) }),
  };
}

function limitsOf({ maxInputs, maxTokens }: ProviderOperations['embeddingLimits']) {
  return { ...(maxInputs !== undefined && { maxInputs }), ...(maxTokens !== undefined && { maxTokens }) };
}
