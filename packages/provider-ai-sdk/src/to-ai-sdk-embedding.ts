import {
  type Client,
  embedding as defaultEmbedding,
  type EmbeddingFunction,
  type EmbeddingRequest,
} from '@anyllm/core';
import { parseOwn, withoutUndefined } from './model/to-call.ts';
import { toMetadata } from './model/to-metadata.ts';
import { failAsModel } from './model/to-model-error.ts';
import { toWarning } from './model/to-warning.ts';
import type { EmbedCallOptions, EmbeddingModel, EmbedResult } from './specification.ts';

/** How the calls of the embedding model are run. */
export interface ToAISDKEmbeddingSettings {
  /** Whose settings, limits and providers are used. Any client will do. Default: the module-level `embedding()`. */
  client?: Pick<Client<never, never>, 'embedding'>;
}

/**
 * Makes an embedding model that AI SDK's `embed` and `embedMany` accept. All values come in one call, which is an
 * `embedding()` that keeps to the vendor's limits by itself.
 * @param modelId `provider/model` or `provider:model`
 */
export function toAISDKEmbedding(modelId: string, { client }: ToAISDKEmbeddingSettings = {}): EmbeddingModel {
  const embedding = (client?.embedding ?? defaultEmbedding) as EmbeddingFunction;
  return {
    specificationVersion: 'v4',
    provider: 'anyllm',
    modelId,
    maxEmbeddingsPerCall: undefined,
    supportsParallelCalls: true,
    doEmbed: (call) => failAsModel(embed(embedding, modelId, call)),
  };
}

async function embed(embedding: EmbeddingFunction, model: string, call: EmbedCallOptions): Promise<EmbedResult> {
  const { values, dimensions, abortSignal, headers = {} } = call;
  const { anyllm = {}, ...provider_options } = call.providerOptions ?? {};
  const { request, options } = parseOwn(anyllm);
  const own = withoutUndefined({ dimensions, ...request });
  const { data, usage, meta } = await embedding(
    { model, input: values, provider_options, ...own } as EmbeddingRequest,
    {
      ...options,
      headers: { ...withoutUndefined(headers), ...options?.headers } as Record<string, string>,
      ...(abortSignal && { signal: abortSignal }),
    },
  );
  return {
    embeddings: data.map((row) => row.embedding),
    ...(usage && { usage: { tokens: usage.total_tokens } }),
    warnings: meta.warnings.map(toWarning),
    providerMetadata: toMetadata(meta),
  };
}
