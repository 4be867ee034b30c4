import { foldCompletion } from '@anyllm/core/fold';
import { type ProviderCompletion, ResponseParseError, StreamInterruptedError } from '@anyllm/core/provider';
import { ChunkTranslator, type TranslationContext, toFields } from './chunk-translator.ts';

/**
 * Translates a whole answer: a stream of one line, folded.
 * @param json the parsed body, of any type
 * @throws StreamInterruptedError when the model broke off, which the server reports as a success that is not `done`
 * @throws ResponseParseError when there is no answer in it; the Failure that it reports
 */
export function toCompletion(json: unknown, context: TranslationContext): ProviderCompletion {
  const { model, requestId } = context;
  const details = { provider: 'ollama', model, requestId, retryable: true };
  const wire = toFields(json);
  if (!wire?.message && !wire?.error) throw new ResponseParseError('ollama: the body holds no message', details);
  const translator = new ChunkTranslator(context);
  const chunk = translator.translate(wire);
  if (!translator.finished) throw new StreamInterruptedError('ollama: the model broke off before the end', details);
  return foldCompletion([chunk]);
}
