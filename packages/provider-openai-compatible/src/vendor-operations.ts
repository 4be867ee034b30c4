import type { ProviderOperations } from '@anyllm/core/provider';
import {
  type EmbeddingsQuirks,
  type Endpoint,
  type ModerationsQuirks,
  openAIEmbeddings,
  openAIModels,
  openAIModerations,
} from '@anyllm/provider-kit/openai';

/** What a vendor can do beside completions, and in what it differs there. An operation that is absent is refused. */
export interface VendorOperations {
  embeddings?: EmbeddingsQuirks & ProviderOperations['embeddingLimits'];
  /** Whether it lists its models. Default `true`. */
  models?: boolean;
  moderations?: ModerationsQuirks;
}

export function toOperations(
  id: string,
  { embeddings, models = true, moderations }: VendorOperations,
  endpoint: Endpoint,
): Partial<ProviderOperations> {
  return {
    ...(embeddings && { embed: openAIEmbeddings(id, endpoint, embeddings), embeddingLimits: limitsOf(embeddings) }),
    ...(models && { listModels: openAIModels(endpoint) }),
    ...(moderations && { moderate: openAIModerations(id, endpoint, moderations) }),
  };
}

function limitsOf({ maxInputs, maxTokens }: ProviderOperations['embeddingLimits']) {
  return { ...(maxInputs !== undefined && { maxInputs }), ...(maxTokens !== undefined && { maxTokens }) };
}
