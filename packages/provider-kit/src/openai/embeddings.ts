import {
  type Asked,
  type Embedding,
  type EmbeddingParameters,
  type ProviderContext,
  type ProviderEmbeddings,
  ResponseParseError,
} from '@anyllm/core/provider';
import { requestJson } from '../http/request-json.ts';
import type { Endpoint } from './endpoint.ts';
import { toUsage } from './to-usage.ts';
import { fieldsOf, objectsOf } from './wire-fields.ts';

/** What differs between servers that have OpenAI's `POST /embeddings`. */
export interface EmbeddingsQuirks {
  /** By another name: `{ dimensions: 'output_dimension' }`. */
  renameParams?: Readonly<Record<string, string>>;
}

/** Embeddings as OpenAI has them. */
export function openAIEmbeddings(provider: string, endpoint: Endpoint, { renameParams = {} }: EmbeddingsQuirks = {}) {
  return async (request: Asked<EmbeddingParameters>, context: ProviderContext): Promise<ProviderEmbeddings> => {
    const { model, provider_options, ...parameters } = request;
    const named = Object.entries(parameters).map(([name, value]) => [renameParams[name] ?? name, value]);
    const body = { model, ...Object.fromEntries(named), ...provider_options?.[provider] };
    const { json, response } = await requestJson(endpoint({ model, path: 'embeddings', body }, context), context);
    const wire = fieldsOf(json);
    const usage = toUsage(wire?.usage);
    return {
      object: 'list',
      model: typeof wire?.model === 'string' ? wire.model : model,
      data: objectsOf(wire?.data).map((row, at) => ({
        object: 'embedding',
        index: typeof row.index === 'number' ? row.index : at,
        embedding: toVector(row.embedding) ?? refuse(provider, model, response.requestId),
      })),
      ...(usage && { usage: { prompt_tokens: usage.prompt_tokens, total_tokens: usage.total_tokens } }),
    };
  };
}

/** Numbers, or the base64 of 32-bit little-endian floats, which some servers send unasked. */
function toVector(value: unknown): Embedding['embedding'] | undefined {
  if (typeof value === 'string') return fromBase64(value);
  return Array.isArray(value) && value.every((number) => typeof number === 'number') ? value : undefined;
}

function fromBase64(text: string): number[] {
  const bytes = Buffer.from(text, 'base64');
  return Array.from({ length: bytes.length >> 2 }, (_, at) => bytes.readFloatLE(at * 4));
}

function refuse(provider: string, model: string, requestId: string | undefined): never {
  const message = `${provider}: the answer holds an embedding that is no list of numbers`;
  throw new ResponseParseError(message, { provider, model, requestId, retryable: true });
}
