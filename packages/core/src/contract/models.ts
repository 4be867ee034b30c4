/** Which page of a provider's models. */
export interface ListModelsParameters {
  /** `next` of the page before. Absent: the first page. */
  after?: string;
}

/** What a model is said to be for. Vendors have further words, which stay as they are. */
export type ModelCapability =
  | 'audio'
  | 'classification'
  | 'completion'
  | 'embedding'
  | 'fim'
  | 'fine_tuning'
  | 'image'
  | 'moderation'
  | 'ocr'
  | 'reasoning'
  | 'rerank'
  | 'speech'
  | 'tools'
  | 'transcription'
  | 'vision'
  | (string & {});

/** A model as far as its vendor tells. What it does not state is absent. */
export interface ProviderModel {
  /** The vendor's own id. */
  id: string;
  /** Seconds since 1970. */
  created?: number;
  owned_by?: string;
  /** For people. */
  name?: string;
  /** The most tokens that prompt and answer may have together. */
  context_length?: number;
  /** The most tokens of an answer. */
  max_output_tokens?: number;
  /** All that are stated. Absent: the vendor states none, which does not mean that there is none. */
  capabilities?: ModelCapability[];
  /** The vendor's row, as it came. */
  raw: unknown;
}

/** As a provider returns it. */
export interface ModelPage {
  data: ProviderModel[];
  /** Where the next page begins, in the vendor's words. Absent: this is the last. */
  next?: string;
}

/** Source: OpenAI API reference, "The model object", with what other vendors tell besides. */
export interface ListedModel extends ProviderModel {
  object: 'model';
  /** `provider/id`, as requests take it. */
  model: string;
}
