import { checkChunks } from '../completion/check-chunks.ts';
import type { ChatCompletionChunk, ProviderCompletion } from '../contract/chat-completion.ts';
import type { ChunkBatch } from '../contract/provider.ts';
import type { Attempt } from '../policy/attempt.ts';
import { toDelta } from './block-sequence.ts';

/** Turns the chunks of an answer into the events of another shape, step by step. */
export interface AnswerTranslator<Event> {
  add(chunk: ChatCompletionChunk): void;
  /** The answer is over. One that was cut gets no end: who reads is told by its absence. */
  end(): void;
  /** The events since the last time. */
  take(): Event[];
}

/** The events of a provider's stream: all that one network read brought at a time. */
export async function* translateStream<Event>(
  chunks: AsyncIterable<ChunkBatch>,
  attempt: Attempt,
  translator: AnswerTranslator<Event>,
): AsyncGenerator<readonly Event[]> {
  for await (const batch of chunks) {
    for (const chunk of checkChunks([batch].flat(), attempt)) translator.add(chunk);
    const events = translator.take();
    if (events.length > 0) yield events;
  }
  translator.end();
  yield translator.take();
}

/** The events of a whole answer, which is its first choice: it is put together by the same code as one that was streamed. */
export function translateWhole<Event>(answer: ProviderCompletion, translator: AnswerTranslator<Event>): Event[] {
  const { choices, object: _, ...head } = answer;
  const [first] = choices.map(({ message, ...choice }) => ({ ...choice, index: 0, delta: toDelta(message) }));
  translator.add({
    ...head,
    object: 'chat.completion.chunk',
    choices: first ? [first] : [],
  });
  translator.end();
  return translator.take();
}
