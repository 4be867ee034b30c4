export { type EmbeddingsQuirks, openAIEmbeddings } from './openai/embeddings.ts';
export type { Endpoint, EndpointRequest } from './openai/endpoint.ts';
export { openAIModels } from './openai/models.ts';
export { type ModerationsQuirks, openAIModerations } from './openai/moderations.ts';
export { type OpenAICompatibleSettings, openAICompatible } from './openai/openai-compatible.ts';
export type { AuthHeader, Quirks, WireBody, WireFields } from './openai/quirks.ts';
export { openAIRerank, type RerankQuirks } from './openai/rerank.ts';
export { openAICapabilities } from './openai/to-capabilities.ts';
export { llamacppTokenCounts, openAITokenCounts, vllmTokenCounts } from './openai/token-counts.ts';
