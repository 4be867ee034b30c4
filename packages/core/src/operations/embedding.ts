import type { ClientRuntime } from '../client/client-runtime.ts';
import type { CallOptions } from '../contract/call-options.ts';
import type { EmbeddingRequest, EmbeddingResult } from '../contract/embedding.ts';
import { closed, either, integer, list, nonEmpty, optional, positive, text } from '../request/shape.ts';
import { checkRequest } from '../request/validate-request.ts';
import { modelField, providerOptionsField, unknownParameter } from './request-fields.ts';
import { runOperation } from './run-operation.ts';

/**
 * Turns texts into vectors.
 * @template Model the ids that are accepted; @template Id the providers that may be named
 * @throws AnyLLMError of the class that fits, or the reason of `options.signal`
 */
export type EmbeddingFunction<Model extends string = string, Id extends string = string> = (
  request: EmbeddingRequest<Model>,
  options?: CallOptions<Id>,
) => Promise<EmbeddingResult>;

const someText = nonEmpty(text);

const shape = closed(
  {
    model: modelField,
    input: either(someText, nonEmpty(list(someText))),
    dimensions: optional(positive(integer)),
    user: optional(text),
    provider_options: providerOptionsField,
  },
  unknownParameter,
);

export function createEmbedding(runtime: ClientRuntime): EmbeddingFunction {
  return async (request, options) => {
    checkRequest(shape, request);
    const { model, input, ...rest } = request;
    const parameters = { ...rest, input: [input].flat() };
    const operation = { member: 'embed', label: 'embeddings are', models: model, parameters } as const;
    return runOperation(runtime, { ...operation, pick: ({ embed }) => embed }, options);
  };
}
