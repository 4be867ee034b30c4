export { type EmbeddingModelFactory, type FromAISDKSettings, fromAISDK, type ModelFactory } from './from-ai-sdk.ts';
export type { AnyLLMOptions } from './model/to-call.ts';
export type { AnyEmbeddingModel, AnyLanguageModel, EmbeddingModel, LanguageModel } from './specification.ts';
export { type ToAISDKSettings, toAISDK } from './to-ai-sdk.ts';
export { type ToAISDKEmbeddingSettings, toAISDKEmbedding } from './to-ai-sdk-embedding.ts';
