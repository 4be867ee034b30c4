import type { CallMeta } from './call-meta.ts';

/** Source: the rerank APIs of Cohere (version 2), Jina, Voyage and vLLM, which agree in this. */
export interface RerankParameters {
  query: string;
  /** The texts, none of them empty. */
  documents: readonly string[];
  /** How many of the best are wanted. Default: all. */
  top_n?: number;
  /** Where a document is cut, in tokens; for servers that have it. Default: the vendor's. */
  max_tokens_per_doc?: number;
  /** Fields that only one vendor knows, by provider. */
  provider_options?: Record<string, Record<string, unknown>>;
}

/** A query, and the documents that are to be put in the order in which they fit it. */
export interface RerankRequest<Model extends string = string> extends Omit<RerankParameters, 'documents'> {
  /** `provider/model` or `provider:model`. Several: the first is asked, the others are its fallbacks. */
  model: Model | readonly Model[];
  /** The texts, or objects with one, none of them empty. */
  documents: readonly (string | { text: string })[];
  /** Whether each result holds its document. Default `false`. */
  return_documents?: boolean;
}

/** Where a document stands in the order, as a provider returns it. */
export interface Rank {
  /** Position in `documents`. */
  index: number;
  /** How well it fits the query; the scale is the model's own. Only those of one answer can be compared. */
  relevance_score: number;
}

/** What a ranking used, by tokens or by searches, as its vendor counts. */
export interface RerankUsage {
  prompt_tokens?: number;
  total_tokens?: number;
  /** What Cohere bills: a query with up to 100 documents is one. */
  search_units?: number;
}

/** As a provider returns it. */
export interface ProviderRanking {
  id?: string;
  /** The model that answered, by the vendor's word. */
  model: string;
  /** In any order; core puts the best first and keeps `top_n`. */
  results: Rank[];
  usage?: RerankUsage;
}

/** The same with the document, where it was asked for. */
export interface RankedDocument extends Rank {
  /** Only with `return_documents`. */
  document?: { text: string };
}

export interface RerankResult extends ProviderRanking {
  object: 'list';
  /** The best first, those of equal score in the order of `documents`. */
  results: RankedDocument[];
  meta: CallMeta;
}
