export type { BatchWire } from './openai/batches/openai-batches.ts';
export { openAIBatches } from './openai/batches.ts';
export type { EmbeddingsQuirks } from './openai/embeddings.ts';
export type { Endpoint, EndpointRequest } from './openai/endpoint.ts';
export type { ImagesQuirks } from './openai/media/images.ts';
export type { SpeechQuirks } from './openai/media/speech.ts';
export type { TranscriptionsQuirks } from './openai/media/transcriptions.ts';
export { openAIImages, openAISpeech, openAITranscriptions } from './openai/media.ts';
export type { ModerationsQuirks } from './openai/moderations.ts';
export { type ChatTranslation, type OpenAICompatibleSettings, openAICompatible } from './openai/openai-compatible.ts';
export {
  llamacppTokenCounts,
  openAIEmbeddings,
  openAIModels,
  openAIModerations,
  openAIRerank,
  openAITokenCounts,
  vllmTokenCounts,
} from './openai/operations.ts';
export type { AuthHeader, Quirks, WireBody, WireFields } from './openai/quirks.ts';
export type { RerankQuirks } from './openai/rerank.ts';
export { openAIResponses } from './openai/responses.ts';
export { openAICapabilities } from './openai/to-capabilities.ts';
