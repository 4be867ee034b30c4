import type { ProviderContext, ProviderOperations } from '@anyllm/core/provider';
import type { EmbeddingsQuirks } from './embeddings.ts';
import type { Endpoint } from './endpoint.ts';
import type { ModerationsQuirks } from './moderations.ts';
import type { RerankQuirks } from './rerank.ts';

// Operations as OpenAI and others have them. Their code is loaded with the first call: a program that only asks for
// completions does without.

type Operate<Request, Answer> = (request: Request, context: ProviderContext) => Promise<Answer>;

function loaded<Request, Answer>(load: () => Promise<Operate<Request, Answer>>): Operate<Request, Answer> {
  return async (request, context) => (await load())(request, context);
}

/** Embeddings as OpenAI has them. */
export function openAIEmbeddings(
  provider: string,
  endpoint: Endpoint,
  quirks?: EmbeddingsQuirks,
): ProviderOperations['embed'] {
  return loaded(async () => (await import('./beyond-chat.ts')).createEmbeddings(provider, endpoint, quirks));
}

/** The list of models as OpenAI has it, with what compatible servers tell besides. */
export function openAIModels(endpoint: Endpoint): ProviderOperations['listModels'] {
  return loaded(async () => (await import('./beyond-chat.ts')).createModels(endpoint));
}

/** Moderations as OpenAI has them. */
export function openAIModerations(
  provider: string,
  endpoint: Endpoint,
  quirks?: ModerationsQuirks,
): ProviderOperations['moderate'] {
  return loaded(async () => (await import('./beyond-chat.ts')).createModerations(provider, endpoint, quirks));
}

/** Documents in the order of a query, as Cohere, Jina, Voyage, vLLM and llama.cpp have it. */
export function openAIRerank(
  provider: string,
  endpoint: Endpoint,
  quirks?: RerankQuirks,
): ProviderOperations['rerank'] {
  return loaded(async () => (await import('./beyond-chat.ts')).createRerank(provider, endpoint, quirks));
}

/** Tokens by OpenAI's `POST /responses/input_tokens`. */
export function openAITokenCounts(provider: string, endpoint: Endpoint): ProviderOperations['countTokens'] {
  return loaded(async () => (await import('./beyond-chat.ts')).createResponsesCounts(provider, endpoint));
}

/** Tokens by vLLM's `POST /tokenize`. */
export function vllmTokenCounts(provider: string, endpoint: Endpoint): ProviderOperations['countTokens'] {
  return loaded(async () => (await import('./beyond-chat.ts')).createVllmCounts(provider, endpoint));
}

/** Tokens by llama.cpp's `POST /tokenize`. */
export function llamacppTokenCounts(provider: string, endpoint: Endpoint): ProviderOperations['countTokens'] {
  return loaded(async () => (await import('./beyond-chat.ts')).createLlamacppCounts(provider, endpoint));
}
