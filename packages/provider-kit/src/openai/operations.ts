import type { ProviderOperations } from '@anyllm/core/provider';
import type { EmbeddingsQuirks } from './embeddings.ts';
import type { Endpoint } from './endpoint.ts';
import { late } from './load-beyond-chat.ts';
import type { ModerationsQuirks } from './moderations.ts';
import type { RerankQuirks } from './rerank.ts';

/** Embeddings as OpenAI has them. */
export function openAIEmbeddings(
  provider: string,
  endpoint: Endpoint,
  quirks?: EmbeddingsQuirks,
): ProviderOperations['embed'] {
  return late(({ createEmbeddings }) => createEmbeddings(provider, endpoint, quirks));
}

/** The list of models as OpenAI has it, with what compatible servers tell besides. */
export function openAIModels(endpoint: Endpoint): ProviderOperations['listModels'] {
  return late(({ createModels }) => createModels(endpoint));
}

/** Moderations as OpenAI has them. */
export function openAIModerations(
  provider: string,
  endpoint: Endpoint,
  quirks?: ModerationsQuirks,
): ProviderOperations['moderate'] {
  return late(({ createModerations }) => createModerations(provider, endpoint, quirks));
}

/** Documents in the order of a query, as Cohere, Jina, Voyage, vLLM and llama.cpp have it. */
export function openAIRerank(
  provider: string,
  endpoint: Endpoint,
  quirks?: RerankQuirks,
): ProviderOperations['rerank'] {
  return late(({ createRerank }) => createRerank(provider, endpoint, quirks));
}

/** Tokens by OpenAI's `POST /responses/input_tokens`. */
export function openAITokenCounts(provider: string, endpoint: Endpoint): ProviderOperations['countTokens'] {
  return late(({ createResponsesCounts }) => createResponsesCounts(provider, endpoint));
}

/** Tokens by vLLM's `POST /tokenize`. */
export function vllmTokenCounts(provider: string, endpoint: Endpoint): ProviderOperations['countTokens'] {
  return late(({ createVllmCounts }) => createVllmCounts(provider, endpoint));
}

/** Tokens by llama.cpp's `POST /tokenize`. */
export function llamacppTokenCounts(provider: string, endpoint: Endpoint): ProviderOperations['countTokens'] {
  return late(({ createLlamacppCounts }) => createLlamacppCounts(provider, endpoint));
}
