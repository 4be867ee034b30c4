import type { Asked, EmbeddingParameters, ProviderContext, ProviderEmbeddings } from '@anyllm/core/provider';
import { requestObject } from '@anyllm/provider-kit';

/**
 * `/api/embed`. A text that is longer than the model's context is refused in place of being cut without a word, which
 * is the server's default: `provider_options: { ollama: { truncate: true } }` asks for that.
 */
export async function embed(
  request: Asked<EmbeddingParameters>,
  context: ProviderContext,
): Promise<ProviderEmbeddings> {
  const { model } = request;
  const body = toBody(request, context);
  const { fields, unreadable } = await requestObject({ provider: 'ollama', model, path: 'api/embed', body }, context);
  const { embeddings, prompt_eval_count: tokens } = fields;
  if (!Array.isArray(embeddings) || !embeddings.every(isVector)) {
    throw unreadable('has no list of embeddings, which are lists of numbers');
  }
  return {
    object: 'list',
    model: typeof fields.model === 'string' ? fields.model : model,
    data: embeddings.map((embedding, index) => ({ object: 'embedding', index, embedding })),
    ...(typeof tokens === 'number' && { usage: { prompt_tokens: tokens, total_tokens: tokens } }),
  };
}

function toBody(request: Asked<EmbeddingParameters>, { observer }: ProviderContext): object {
  const { model, input, dimensions, provider_options } = request;
  for (const parameter of ['encoding_format', 'user'] as const) {
    const value = request[parameter];
    if (value === undefined || value === 'float') continue;
    const message = `\`${parameter}\` is not supported; it was left out`;
    observer.warn({ code: 'parameter_dropped', parameter, message });
  }
  return {
    model,
    input,
    truncate: false,
    ...(dimensions !== undefined && { dimensions }),
    ...provider_options?.ollama,
  };
}

function isVector(value: unknown): value is number[] {
  return Array.isArray(value) && value.length > 0 && value.every(Number.isFinite);
}
