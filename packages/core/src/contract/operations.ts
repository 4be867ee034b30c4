import type { ProviderBatches } from './batch.ts';
import type { EmbeddingParameters, ProviderEmbeddings } from './embedding.ts';
import type { ProviderContext } from './provider.ts';

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
  /** One request; core keeps to `embeddingLimits`. The vectors may come in any order: each has its `index`. */
  embed(request: Asked<EmbeddingParameters>, context: ProviderContext): Promise<ProviderEmbeddings>;
}
