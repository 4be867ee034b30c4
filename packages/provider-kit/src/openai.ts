export type { BatchWire } from './openai/batches/openai-batches.ts';
export { openAIBatches } from './openai/batches.ts';
export { type EmbeddingsQuirks, openAIEmbeddings } from './openai/embeddings.ts';
export type { Endpoint, EndpointRequest } from './openai/endpoint.ts';
export { openAIModels } from './openai/models.ts';
export { type ModerationsQuirks, openAIModerations } from './openai/moderations.ts';
export { type ChatTranslation, type OpenAICompatibleSettings, openAICompatible } from './openai/openai-compatible.ts';
export type { AuthHeader, Quirks, WireBody, WireFields } from './openai/quirks.ts';
export { openAICapabilities } from './openai/to-capabilities.ts';
