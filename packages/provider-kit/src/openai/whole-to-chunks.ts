import { type ChatCompletionChunk, ResponseParseError } from '@anyllm/core/provider';
import { ChunkTranslator, type TranslationContext } from './chunk-translator.ts';

type Fields = Record<string, unknown>;

/**
 * A whole answer as the chunks of a stream that comes in one piece, so that both are read by the same code.
 * @param json the parsed body, of any type
 * @throws ResponseParseError when there is no answer in it, or the error that it reports
 */
export function wholeToChunks(json: unknown, context: TranslationContext, description = 'JSON'): ChatCompletionChunk[] {
  const wire = (Array.isArray(json) ? json[0] : json) as Fields | null | undefined;
  if (typeof wire !== 'object' || wire === null) throw noAnswer(context, description);
  const translator = new ChunkTranslator(context);
  const chunk = translator.translate({ ...wire, choices: toDeltas(wire.choices) });
  if (chunk.choices.length === 0) throw noAnswer(context, 'no choices');
  const last = translator.finish();
  return last ? [chunk, last] : [chunk];
}

function toDeltas(choices: unknown): unknown {
  if (!Array.isArray(choices)) return choices;
  return choices.map((choice, at) => ({
    ...choice,
    index: typeof choice?.index === 'number' ? choice.index : at,
    delta: withCallsInOrder(choice?.message ?? choice?.delta),
  }));
}

/** In a whole message the order of the calls counts: their `index` is 0 for all on some servers. */
function withCallsInOrder(message: Fields | undefined): Fields | undefined {
  if (!Array.isArray(message?.tool_calls)) return message;
  return { ...message, tool_calls: message.tool_calls.map((call, index) => ({ ...call, index })) };
}

function noAnswer({ provider, model, requestId }: TranslationContext, what: string): ResponseParseError {
  return new ResponseParseError(`${provider}: the body holds no answer (${what})`, {
    provider,
    model,
    requestId,
    retryable: true,
  });
}
