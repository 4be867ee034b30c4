import type { ChatCompletionChunk, ProviderContext } from '@anyllm/core/provider';
import { requestStream, type WireRequest, type WireResponse } from '@anyllm/provider-kit';
import { ChatDecoder } from './chat-decoder.ts';
import type { ChunkTranslator } from './chunk-translator.ts';

/**
 * Asks for an answer as it is written. Loaded with the first streamed call, as one file: the translator, which whole
 * answers have too, is given to it.
 */
export function streamChat(
  request: WireRequest,
  context: ProviderContext,
  translatorFor: (response: WireResponse) => ChunkTranslator,
): AsyncIterable<readonly ChatCompletionChunk[]> {
  return requestStream(request, context, (response) => new ChatDecoder(translatorFor(response)));
}
