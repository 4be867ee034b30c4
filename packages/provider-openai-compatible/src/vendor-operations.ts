import type { ProviderOperations } from '@anyllm/core/provider';
import { type EmbeddingsQuirks, type Endpoint, openAIEmbeddings } from '@anyllm/provider-kit/openai';

/** What a vendor can do beside completions, and in what it differs there. An operation that is absent is refused. */
export interface VendorOperations {
  embeddings?: EmbeddingsQuirks & ProviderOperations['embeddingLimits'];
}

export function toOperations(
  id: string,
  { embeddings }: VendorOperations,
  endpoint: Endpoint,
): Partial<ProviderOperations> {
  return {
    ...(embeddings && { embed: openAIEmbeddings(id, endpoint, embeddings), embeddingLimits: limitsOf(embeddings) }),
  };
}

function limitsOf({ maxInputs, maxTokens }: ProviderOperations['embeddingLimits']) {
  return { ...(maxInputs !== undefined && { maxInputs }), ...(maxTokens !== undefined && { maxTokens }) };
}
