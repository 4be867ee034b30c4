export { type OpenAICompatibleSettings, openAICompatible } from './openai/openai-compatible.ts';
export type { AuthHeader, Quirks, WireBody, WireFields } from './openai/quirks.ts';
export { openAICapabilities } from './openai/to-capabilities.ts';
