export { type EmbeddingsQuirks, openAIEmbeddings } from './openai/embeddings.ts';
export type { Endpoint, EndpointRequest } from './openai/endpoint.ts';
export type { ImagesQuirks } from './openai/media/images.ts';
export type { SpeechQuirks } from './openai/media/speech.ts';
export type { TranscriptionsQuirks } from './openai/media/transcriptions.ts';
export { openAIImages, openAISpeech, openAITranscriptions } from './openai/media.ts';
export { type OpenAICompatibleSettings, openAICompatible } from './openai/openai-compatible.ts';
export type { AuthHeader, Quirks, WireBody, WireFields } from './openai/quirks.ts';
export { openAICapabilities } from './openai/to-capabilities.ts';
