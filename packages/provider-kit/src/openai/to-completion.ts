import { foldCompletion } from '@anyllm/core/fold';
import type { ProviderCompletion } from '@anyllm/core/provider';
import type { TranslationContext } from './chunk-translator.ts';
import { wholeToChunks } from './whole-to-chunks.ts';

/**
 * Reads any whole answer.
 * @param json the parsed body, of any type
 * @throws ResponseParseError when there is no answer in it; the Failure that it reports
 */
export function toCompletion(json: unknown, context: TranslationContext): ProviderCompletion {
  return foldCompletion(wholeToChunks(json, context));
}
