export { type FromAISDKSettings, fromAISDK, type ModelFactory } from './from-ai-sdk.ts';
export type { AnyLLMOptions } from './model/to-call.ts';
export type { AnyLanguageModel, LanguageModel } from './specification.ts';
export { type ToAISDKSettings, toAISDK } from './to-ai-sdk.ts';
