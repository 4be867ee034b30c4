import type { ProviderOperations } from '@anyllm/core/provider';
import type { BatchWire } from './batches/openai-batches.ts';
import type { Endpoint } from './endpoint.ts';
import { beyondChat } from './load-beyond-chat.ts';
import type { ChatTranslation } from './openai-compatible.ts';

/** Batches as OpenAI has them, loaded when they are first asked for. */
export function openAIBatches(
  provider: string,
  endpoint: Endpoint,
  chat: ChatTranslation,
  wire?: BatchWire,
): ProviderOperations['batches'] {
  return async () => (await beyondChat()).createOpenAIBatches(provider, endpoint, chat, wire);
}
