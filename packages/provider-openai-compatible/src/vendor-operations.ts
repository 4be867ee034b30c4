import type { ProviderOperations } from '@anyllm/core/provider';
import {
  type EmbeddingsQuirks,
  type Endpoint,
  type ImagesQuirks,
  type ModerationsQuirks,
  openAIEmbeddings,
  openAIImages,
  openAIModels,
  openAIModerations,
  openAIResponses,
  openAISpeech,
  openAITranscriptions,
  type SpeechQuirks,
  type TranscriptionsQuirks,
} from '@anyllm/provider-kit/openai';

/** What a vendor can do beside completions, and in what it differs there. An operation that is absent is refused, but for `responses`. */
export interface VendorOperations {
  embeddings?: EmbeddingsQuirks & ProviderOperations['embeddingLimits'];
  images?: ImagesQuirks;
  /** Whether it lists its models. Default `true`. */
  models?: boolean;
  moderations?: ModerationsQuirks;
  /** Whether it has the Responses API itself. Default `false`: they are served over chat. */
  responses?: boolean;
  speech?: SpeechQuirks;
  transcriptions?: TranscriptionsQuirks;
}

export function toOperations(
  id: string,
  { embeddings, images, models = true, moderations, responses, speech, transcriptions }: VendorOperations,
  endpoint: Endpoint,
): Partial<ProviderOperations> {
  return {
    ...(embeddings && { embed: openAIEmbeddings(id, endpoint, embeddings), embeddingLimits: limitsOf(embeddings) }),
    ...(images && openAIImages(id, endpoint, async () => images)),
    ...(models && { listModels: openAIModels(endpoint) }),
    ...(responses && openAIResponses(id, endpoint)),
    ...(moderations && { moderate: openAIModerations(id, endpoint, moderations) }),
    ...(speech && openAISpeech(id, endpoint, async () => speech)),
    ...(transcriptions && openAITranscriptions(id, endpoint, async () => transcriptions)),
  };
}

function limitsOf({ maxInputs, maxTokens }: ProviderOperations['embeddingLimits']) {
  return { ...(maxInputs !== undefined && { maxInputs }), ...(maxTokens !== undefined && { maxTokens }) };
}
