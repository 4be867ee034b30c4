import type { ChatCompletionChunk, ProviderContext } from '@anyllm/core/provider';
import type { WireRequest, WireResponse } from '../http/exchange.ts';
import { requestStream } from '../http/request-stream.ts';
import { createChatDecoder } from './chat-decoder.ts';
import type { TranslationContext } from './chunk-translator.ts';

/** Asks for an answer as it is written. Loaded with the first streamed call. */
export function streamChat(
  request: WireRequest,
  context: ProviderContext,
  translation: (response: WireResponse) => TranslationContext,
): AsyncIterable<readonly ChatCompletionChunk[]> {
  return requestStream(request, context, (response) => createChatDecoder(translation(response)));
}
