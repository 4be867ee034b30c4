import { foldCompletion } from '@anyllm/core/fold';
import type { ProviderCompletion } from '@anyllm/core/provider';
import { type AcmeExchange, ChunkTranslator, unreadable } from './chunk-translator.ts';

/** Translates a whole answer: a stream of one event, folded. */
export function toCompletion(json: unknown, exchange: AcmeExchange): ProviderCompletion {
  const chunk = new ChunkTranslator(exchange).translate(json);
  if (chunk.choices[0]?.finish_reason === null) throw unreadable('it has no end', exchange);
  return foldCompletion([chunk]);
}
