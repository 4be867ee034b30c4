import {
  type Asked,
  type EmbeddingParameters,
  type ProviderContext,
  type ProviderEmbeddings,
  UnsupportedParameterError,
} from '@anyllm/core/provider';
import { parseRequestId } from '@anyllm/provider-kit';
import type { AnyEmbeddingModel, EmbedCallOptions, EmbedResult, JsonObject } from '../specification.ts';
import { theirAddress } from './bridged-model.ts';
import { toError } from './to-error.ts';
import { toWarning } from './to-warning.ts';

export interface BridgedEmbedding {
  model: AnyEmbeddingModel;
  providerId: string;
  optionsKey: string | undefined;
  request: Asked<EmbeddingParameters>;
  context: ProviderContext;
}

/** One attempt with one of their embedding models: as many calls of it as it needs for the texts, one after another. */
export async function embedBridged(call: BridgedEmbedding): Promise<ProviderEmbeddings> {
  const { providerId, request, context } = call;
  const model = call.model as AnyEmbeddingModel & { doEmbed(options: EmbedCallOptions): PromiseLike<EmbedResult> };
  const options = toOptions(call);
  const size = (await model.maxEmbeddingsPerCall) ?? request.input.length;
  const results: EmbedResult[] = [];
  context.observer.connected(); // which of its phases a call is in is not told
  try {
    for (let at = 0; at < request.input.length; at += size) {
      const result = await model.doEmbed({ ...options, values: request.input.slice(at, at + size) });
      const requestId = parseRequestId(result.response?.headers ?? {});
      context.observer.responded({ status: 200, ...(requestId !== undefined && { requestId }) });
      for (const warning of result.warnings ?? []) context.observer.warn(toWarning(warning, providerId));
      results.push(result);
    }
  } catch (error) {
    throw context.signal.aborted ? context.signal.reason : toError(error, { providerId, model: request.model });
  }
  return join(results, request.model);
}

function join(results: readonly EmbedResult[], model: string): ProviderEmbeddings {
  const vectors = results.flatMap(({ embeddings }) => embeddings);
  const isCounted = results.every(({ usage }) => Number.isFinite(usage?.tokens));
  const tokens = results.reduce((sum, { usage }) => sum + (usage?.tokens ?? 0), 0);
  return {
    object: 'list',
    model,
    data: vectors.map((embedding, index) => ({ object: 'embedding', index, embedding })),
    ...(isCounted && { usage: { prompt_tokens: tokens, total_tokens: tokens } }),
  };
}

function toOptions({
  model,
  providerId,
  optionsKey,
  request,
  context,
}: BridgedEmbedding): Omit<EmbedCallOptions, 'values'> {
  const { dimensions, provider_options = {} } = request;
  const own = provider_options[providerId] as JsonObject | undefined;
  if (dimensions !== undefined && model.specificationVersion === 'v3') throw noDimensions(providerId, request.model);
  warnOfLost(providerId, request, context);
  return {
    abortSignal: context.signal,
    headers: context.headers,
    ...(dimensions !== undefined && { dimensions }),
    ...(own && { providerOptions: { [optionsKey ?? model.provider.split('.')[0] ?? providerId]: own } }),
  };
}

/** Their models have key, address and transport from their own provider. */
function warnOfLost(
  providerId: string,
  { encoding_format, user }: EmbeddingParameters,
  { apiKey, baseURL, transport, observer }: ProviderContext,
): void {
  const address = baseURL === theirAddress ? undefined : baseURL;
  const lost = { encoding_format, user, apiKey, baseURL: address, transport };
  for (const [parameter, value] of Object.entries(lost)) {
    if (value === undefined) continue;
    const message = `${providerId}: \`${parameter}\` has no counterpart in an AI SDK model; it was left out`;
    observer.warn({ code: 'parameter_dropped', parameter, message });
  }
}

function noDimensions(provider: string, model: string): UnsupportedParameterError {
  const message = `${provider}: models of the specification v3 have no \`dimensions\`; use its own \`provider_options\``;
  return new UnsupportedParameterError(message, { provider, model, parameter: 'dimensions' });
}
