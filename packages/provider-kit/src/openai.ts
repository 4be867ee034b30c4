export { type OpenAICompatibleSettings, openAICapabilities, openAICompatible } from './openai/openai-compatible.ts';
export type { Quirks, WireBody } from './openai/quirks.ts';
