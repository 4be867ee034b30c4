import type { CallMeta } from './call-meta.ts';

/** Source: OpenAI API reference, "Create embeddings". */
export interface EmbeddingParameters {
  /** The texts, none of them empty. */
  input: readonly string[];
  /** How many numbers a vector is to have. Default: the model's own. */
  dimensions?: number;
  /** For the vendor's watch on abuse. */
  user?: string;
  /** Fields that only one vendor knows, by provider. */
  provider_options?: Record<string, Record<string, unknown>>;
}

export interface EmbeddingRequest<Model extends string = string> extends Omit<EmbeddingParameters, 'input'> {
  /** `provider/model` or `provider:model`. Several: the first is asked, the others are its fallbacks. */
  model: Model | readonly Model[];
  input: string | readonly string[];
}

export interface Embedding {
  object: 'embedding';
  /** Position in `input`. */
  index: number;
  embedding: number[];
}

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

export interface EmbeddingResult extends ProviderEmbeddings {
  meta: CallMeta;
}
