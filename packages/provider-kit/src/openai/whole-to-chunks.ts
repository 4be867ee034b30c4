import { type ChatCompletionChunk, ResponseParseError } from '@anyllm/core/provider';
import { ChunkTranslator, type TranslationContext } from './chunk-translator.ts';
import { WholeToolCalls } from './tool-calls.ts';
import { type Fields, fieldsOf, objectsOf } from './wire-fields.ts';

/**
 * A whole answer as the chunks of a stream that comes in one piece, so that both are read by the same code.
 * @param json the parsed body, of any type
 * @throws ResponseParseError when there is no answer in it; the Failure that it reports
 */
export function wholeToChunks(json: unknown, context: TranslationContext): ChatCompletionChunk[] {
  const wire = fieldsOf(Array.isArray(json) ? json[0] : json);
  if (!wire) throw noAnswer(context, 'JSON');
  const translator = new ChunkTranslator(context, WholeToolCalls);
  const chunks = [translator.translate(wire, toDeltas(objectsOf(wire.choices))), translator.finish()];
  const answer = chunks.filter((chunk) => chunk !== undefined);
  if (!answer.some(isFinished)) throw noAnswer(context, 'no choice with content');
  return answer;
}

function isFinished({ choices }: ChatCompletionChunk): boolean {
  return choices.some((choice) => choice.finish_reason !== null);
}

function toDeltas(choices: Fields[]): Fields[] {
  const numbered = new Set(choices.map((choice) => choice.index)).size === choices.length;
  return choices.map((choice, at) => ({
    ...choice,
    index: numbered && typeof choice.index === 'number' ? choice.index : at,
    delta: messageOf(choice),
  }));
}

/** Mistral's type also has `messages`, of which the last is the answer. */
function messageOf({ message, messages, delta }: Fields): Fields | undefined {
  return fieldsOf(message) ?? objectsOf(messages).at(-1) ?? fieldsOf(delta);
}

export function noAnswer({ provider, model, requestId }: TranslationContext, what: string): ResponseParseError {
  return new ResponseParseError(`${provider}: the body holds no answer (${what})`, {
    provider,
    model,
    requestId,
    retryable: true,
  });
}
