// The operations beside completions, loaded when one of them is first asked for. All at once: a file of its own for each
// would cost the start of every program more than it saves.

export { createOpenAIBatches } from './batches/openai-batches.ts';
export { createEmbeddings } from './embeddings.ts';
export { createImages } from './media/images.ts';
export { createSpeech } from './media/speech.ts';
export { createTranscriptions } from './media/transcriptions.ts';
export { createModels } from './models.ts';
export { createModerations } from './moderations.ts';
export { createNativeResponses } from './native-responses.ts';
export { createRerank } from './rerank.ts';
export { createLlamacppCounts, createResponsesCounts, createVllmCounts } from './token-counts.ts';
