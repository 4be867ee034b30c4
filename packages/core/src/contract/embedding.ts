import type { CallMeta } from './call-meta.ts';
import type { CallOptions } from './call-options.ts';

/** Source: OpenAI API reference, "Create embeddings". */
export interface EmbeddingParameters {
  /** The texts, none of them empty. */
  input: readonly string[];
  /** How many numbers a vector is to have. Default: the model's own. */
  dimensions?: number;
  /**
   * How the vectors travel, where the vendor has a choice: `base64` is a quarter of the size of `float`, which is the
   * default. They arrive as numbers either way.
   */
  encoding_format?: 'float' | 'base64';
  /** For the vendor's watch on abuse. */
  user?: string;
  /** Fields that only one vendor knows, by provider. */
  provider_options?: Record<string, Record<string, unknown>>;
}

/** What `embedding` takes: one text or several. */
export interface EmbeddingRequest<Model extends string = string> extends Omit<EmbeddingParameters, 'input'> {
  /** `provider/model` or `provider:model`. Several: the first is asked, the others are its fallbacks. */
  model: Model | readonly Model[];
  /** One text or any number of them, none empty. */
  input: string | Iterable<string> | AsyncIterable<string>;
}

/** How much one request may hold. More is sent in several. */
export interface EmbeddingLimits {
  /** Default 2,048. */
  maxInputs?: number;
  /** Of all texts together. They are estimated, and rather too high: two bytes are a token. Default: no limit. */
  maxTokens?: number;
}

/** How the parts are asked into which the vendor's limits divide the texts. */
export interface EmbeddingStreamOptions<Id extends string = string> extends CallOptions<Id> {
  /** How many requests may be under way at once, from 1 to `Infinity`; the limits of the client hold besides. Default 10. */
  concurrency?: number;
  /** How many texts go into one request at most. Default: what the vendor allows. */
  batchSize?: number;
}

export interface EmbeddingOptions<Id extends string = string> extends EmbeddingStreamOptions<Id> {
  /** Whether a request that fails becomes an entry of `failures`, in place of ending it all. Default false. */
  settle?: boolean;
}

/** The vector of one text. */
export interface Embedding {
  object: 'embedding';
  /** Position in `input`. */
  index: number;
  embedding: number[];
}

/** Token counts of the texts. */
export interface EmbeddingUsage {
  prompt_tokens: number;
  total_tokens: number;
}

/** As a provider returns it. */
export interface ProviderEmbeddings {
  object: 'list';
  /** The model that answered, by the vendor's word. */
  model: string;
  data: Embedding[];
  usage?: EmbeddingUsage;
}

/** Positions in `input`, from `start` up to and without `end`. */
export interface InputRange {
  start: number;
  end: number;
}

/** The texts of a request that failed. */
export interface EmbeddingFailure extends InputRange {
  reason: unknown;
}

export interface EmbeddingResult extends ProviderEmbeddings {
  /** In the order of `input`; with `settle`, less those of the failures. */
  data: Embedding[];
  /** Of all requests together; absent when the vendor does not state it for each of them. */
  usage?: EmbeddingUsage;
  /** Only with `settle`: in the order of `input`, empty when there was none. */
  failures?: EmbeddingFailure[];
  /** Of several requests: the attempts of them all, the longest wait, and the rest from the last of them. */
  meta: CallMeta;
}
