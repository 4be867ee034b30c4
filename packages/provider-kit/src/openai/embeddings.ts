import {
  type Asked,
  type Embedding,
  type EmbeddingParameters,
  type ProviderContext,
  type ProviderEmbeddings,
  UnsupportedParameterError,
} from '@anyllm/core/provider';
import { requestObject } from '../http/request-object.ts';
import type { Endpoint } from './endpoint.ts';
import { toUsage } from './to-usage.ts';
import { type Fields, fieldsOf, textOf } from './wire-fields.ts';

/** What differs between servers that have OpenAI's `POST /embeddings`. */
export interface EmbeddingsQuirks {
  /** By another name: `{ dimensions: 'output_dimension' }`. */
  renameParams?: Readonly<Record<string, string>>;
  /** What the server refuses or does not know, left out with a warning. */
  dropParams?: readonly ('encoding_format' | 'user')[];
  /** Whether the model has vectors of other lengths than its own. `dimensions` is refused for others. Default: any has. */
  takesDimensions?: (model: string) => boolean;
}

/** Embeddings as OpenAI has them. */
export function createEmbeddings(provider: string, endpoint: Endpoint, quirks: EmbeddingsQuirks = {}) {
  return async (request: Asked<EmbeddingParameters>, context: ProviderContext): Promise<ProviderEmbeddings> => {
    const { model } = request;
    const body = toBody(provider, request, context, quirks);
    const { fields, unreadable } = await requestObject(endpoint({ model, path: 'embeddings', body }, context), context);
    if (!Array.isArray(fields.data)) throw unreadable('has no list of embeddings');
    const usage = toUsage(fields.usage);
    return {
      object: 'list',
      model: textOf(fields.model) || model,
      data: fields.data.map((row, at) => {
        const embedding = toRow(fieldsOf(row), at);
        if (embedding) return embedding;
        throw unreadable('holds an embedding that is no list of numbers');
      }),
      ...(usage && { usage: { prompt_tokens: usage.prompt_tokens, total_tokens: usage.total_tokens } }),
    };
  };
}

function toBody(
  provider: string,
  { model, provider_options, ...parameters }: Asked<EmbeddingParameters>,
  { observer }: ProviderContext,
  { renameParams = {}, dropParams = [], takesDimensions = () => true }: EmbeddingsQuirks,
): Fields {
  if (parameters.dimensions !== undefined && !takesDimensions(model)) throw noDimensions(provider, model);
  const body: Fields = { model };
  if (parameters.encoding_format === 'float') delete parameters.encoding_format; // the default everywhere
  for (const [name, value] of Object.entries(parameters)) body[renameParams[name] ?? name] = value;
  for (const parameter of dropParams) {
    if (!(parameter in body)) continue;
    delete body[parameter];
    observer.warn({
      code: 'parameter_dropped',
      parameter,
      message: `\`${parameter}\` is not supported; it was left out`,
    });
  }
  return { ...body, ...provider_options?.[provider] };
}

function noDimensions(provider: string, model: string): UnsupportedParameterError {
  const message = `${provider}: the vectors of ${model} have one length only; leave out \`dimensions\``;
  return new UnsupportedParameterError(message, { provider, model, parameter: 'dimensions' });
}

/** Servers that leave out the index send the rows in order. */
function toRow(row: Fields | undefined, at: number): Embedding | undefined {
  const embedding = toVector(row?.embedding);
  const index = typeof row?.index === 'number' ? row.index : at;
  return embedding && { object: 'embedding', index, embedding };
}

/** Numbers, or the base64 of 32-bit little-endian floats, whatever was asked for. */
function toVector(value: unknown): number[] | undefined {
  const vector = typeof value === 'string' ? fromBase64(value) : value;
  return Array.isArray(vector) && vector.length > 0 && vector.every(Number.isFinite) ? vector : undefined;
}

function fromBase64(text: string): number[] | undefined {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length % 4 !== 0) return undefined;
  return Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readFloatLE(at * 4));
}
