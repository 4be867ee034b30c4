import { createGather } from '../concurrency/gather.ts';
import type { Gather } from '../concurrency/gathering.ts';
import { createMessages, type MessagesFunction } from '../messages/create-messages.ts';
import { type CountTokensFunction, createCountTokens } from '../operations/count-tokens.ts';
import { createEmbedding, type EmbeddingFunction } from '../operations/embedding.ts';
import { createImageEdit, type ImageEditFunction } from '../operations/image-edit.ts';
import { createImageGeneration, type ImageGenerationFunction } from '../operations/image-generation.ts';
import { createListModels, type ListModelsFunction } from '../operations/list-models.ts';
import { createModeration, type ModerationFunction } from '../operations/moderation.ts';
import { createRerank, type RerankFunction } from '../operations/rerank.ts';
import { createSpeech, type SpeechFunction } from '../operations/speech.ts';
import { createTranscription, type TranscriptionFunction } from '../operations/transcription.ts';
import { createResponses, type ResponsesFunction } from '../responses/create-responses.ts';
import { createRunTools, type RunTools } from '../tools/run-tools.ts';
import { type Compare, createCompare } from './compare.ts';
import { wholeAnswers } from './create-completion.ts';
import { completion, defaultRuntime as runtime } from './default-completion.ts';

// What the client with default settings does besides `completion`, made one by one, so that a bundler leaves out what a
// program does not use.

/** Runs requests and functions, many at once, with their results in order. */
export const gather: Gather = /* @__PURE__ */ createGather(/* @__PURE__ */ wholeAnswers(completion));

/** Asks several models the same, all at once. */
export const compare: Compare = /* @__PURE__ */ createCompare(completion);

/** Has the server count the tokens of a prompt. */
export const countTokens: CountTokensFunction = /* @__PURE__ */ createCountTokens(runtime);

/** Turns texts into vectors. */
export const embedding: EmbeddingFunction = /* @__PURE__ */ createEmbedding(runtime);

/** The models that a provider has. */
export const listModels: ListModelsFunction = /* @__PURE__ */ createListModels(runtime);

/** Judges texts, pictures and conversations. */
export const moderation: ModerationFunction = /* @__PURE__ */ createModeration(runtime);

/** Asks any provider in the shape of Anthropic's Messages API. */
export const messages: MessagesFunction = /* @__PURE__ */ createMessages(runtime);

/** Asks a model in the shape of OpenAI's Responses API. */
export const responses: ResponsesFunction = /* @__PURE__ */ createResponses(runtime);
/** Puts documents in the order in which they fit a query. */
export const rerank: RerankFunction = /* @__PURE__ */ createRerank(runtime);

/** Asks a model that may call tools, and runs what it calls until it answers. */
export const runTools: RunTools = /* @__PURE__ */ createRunTools(completion);

/** Makes pictures of pictures. */
export const imageEdit: ImageEditFunction = /* @__PURE__ */ createImageEdit(runtime);

/** Draws pictures. */
export const imageGeneration: ImageGenerationFunction = /* @__PURE__ */ createImageGeneration(runtime);

/** Says a text. */
export const speech: SpeechFunction = /* @__PURE__ */ createSpeech(runtime);

/** Writes down what is said in a sound. */
export const transcription: TranscriptionFunction = /* @__PURE__ */ createTranscription(runtime);
