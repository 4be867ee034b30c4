import type { ProviderBatches } from './batch.ts';
import type { EmbeddingLimits, EmbeddingParameters, ProviderEmbeddings } from './embedding.ts';
import type { ImageEditParameters, ImageEvent, ImageParameters, ProviderImages } from './image.ts';
import type { ListModelsParameters, ModelPage } from './models.ts';
import type { ModerationParameters, ProviderModerations } from './moderation.ts';
import type { ProviderContext } from './provider.ts';
import type { ProviderRanking, RerankParameters } from './rerank.ts';
import type { ProviderResponse, ResponsesEvent, ResponsesParameters } from './responses.ts';
import type { SpeechChunk, SpeechParameters } from './speech.ts';
import type { CountTokensParameters, ProviderTokenCount } from './token-count.ts';
import type { ProviderTranscription, TranscriptionEvent, TranscriptionParameters } from './transcription.ts';

/** What a provider is asked: the caller's parameters with the vendor's own model id. */
export type Asked<Parameters> = Parameters & { model: string };

/**
 * What a provider may be able to do beside completions, each member optional: one that is absent is refused before the
 * network. As with completions each makes one attempt and obeys one signal. A parameter that the vendor lacks is told
 * to `context.observer.warn` where it only tunes, and refused with `UnsupportedParameterError` where it changes what
 * the answer means. `provider_options` of the provider's own id are the vendor's fields, sent as they are.
 */
export interface ProviderOperations {
  /** Batches at the vendor, loaded when they are first asked for. A provider without them has them run locally. */
  batches(): Promise<ProviderBatches>;
  /** By the server's own count; a provider that could only estimate has no such member. */
  countTokens(request: Asked<CountTokensParameters>, context: ProviderContext): Promise<ProviderTokenCount>;
  /** One request; core keeps to `embeddingLimits`. The vectors may come in any order: each has its `index`. */
  embed(request: Asked<EmbeddingParameters>, context: ProviderContext): Promise<ProviderEmbeddings>;
  /** How much `embed` takes at once. */
  readonly embeddingLimits: EmbeddingLimits;
  /** One page; core asks for the others. Its request is of no model: `model` is empty. */
  listModels(request: Asked<ListModelsParameters>, context: ProviderContext): Promise<ModelPage>;
  /** What the vendor cannot judge (parts, a conversation) is refused before it is asked. */
  moderate(request: Asked<ModerationParameters>, context: ProviderContext): Promise<ProviderModerations>;
  editImage(request: Asked<ImageEditParameters>, context: ProviderContext): Promise<ProviderImages>;
  generateImage(request: Asked<ImageParameters>, context: ProviderContext): Promise<ProviderImages>;
  rerank(request: Asked<RerankParameters>, context: ProviderContext): Promise<ProviderRanking>;
  /** Begins with the kind of the sound and ends with `end`; a stream without is a cut one. */
  speak(request: Asked<SpeechParameters>, context: ProviderContext): Batches<SpeechChunk>;
  /** Ends with `completed`. */
  streamImage(request: Asked<ImageParameters>, context: ProviderContext): Batches<ImageEvent>;
  /** Ends with `completed`. */
  streamImageEdit(request: Asked<ImageEditParameters>, context: ProviderContext): Batches<ImageEvent>;
  /** Ends with `transcript.text.done`. */
  streamTranscription(request: Asked<TranscriptionParameters>, context: ProviderContext): Batches<TranscriptionEvent>;
  transcribe(request: Asked<TranscriptionParameters>, context: ProviderContext): Promise<ProviderTranscription>;

  /** A response of OpenAI's Responses API. Without the member it is served over chat. One that failed is thrown. */
  respond(request: Asked<ResponsesParameters>, context: ProviderContext): Promise<ProviderResponse>;

  /** As `respond`, streamed up to the event that brings the whole. An event that tells of a failure is thrown. */
  streamResponse(request: Asked<ResponsesParameters>, context: ProviderContext): Batches<ResponsesEvent>;
}

/** Events one by one, or those of one network read together. */
type Batches<Event> = AsyncIterable<Event | readonly Event[]>;
