import type {
  ChatCompletionChunk,
  ChunkChoice,
  CompletionChoice,
  ProviderCompletion,
} from '../contract/chat-completion.ts';
import type { ChunkBatch } from '../contract/provider.ts';

/** The tool that stands for the answer: what the model calls it with is the answer's text. No caller sees it. */
export const answerTool = 'give_answer';

/** The answer of a model that was made to call the tool, as if it had written the text. */
export function toContent(answer: ProviderCompletion): ProviderCompletion {
  return { ...answer, choices: answer.choices.map(toContentChoice) };
}

function toContentChoice(choice: CompletionChoice): CompletionChoice {
  const { tool_calls, ...message } = choice.message;
  const call = tool_calls?.find((call) => call.type === 'function' && call.function.name === answerTool);
  if (call?.type !== 'function') return choice;
  return finished({ ...choice, message: { ...message, content: call.function.arguments } });
}

/** As `toContent`, of a stream. Words beside the call are not the answer; without a call they are. */
export async function* toContentChunks(stream: AsyncIterable<ChunkBatch>): AsyncGenerator<ChunkBatch> {
  const choices = new Map<number, ContentOfCall>();
  for await (const batch of stream) yield [batch].flat().map((chunk) => toContentChunk(chunk, choices));
}

/** Of one choice: which of its calls is the answer, and the words that have come beside it. */
interface ContentOfCall {
  call: number | undefined;
  words: string;
}

function toContentChunk(chunk: ChatCompletionChunk, choices: Map<number, ContentOfCall>): ChatCompletionChunk {
  return {
    ...chunk,
    choices: chunk.choices.map((choice) => {
      const known = choices.get(choice.index) ?? { call: undefined, words: '' };
      choices.set(choice.index, known);
      return toContentOf(choice, known);
    }),
  };
}

function toContentOf(choice: ChunkChoice, known: ContentOfCall): ChunkChoice {
  const { tool_calls = [], content, ...delta } = choice.delta;
  known.words += content ?? '';
  known.call ??= tool_calls.find(({ function: called }) => called?.name === answerTool)?.index;
  const fragments = tool_calls.filter(({ index }) => index === known.call);
  const isEnd = choice.finish_reason !== null;
  const text = known.call === undefined ? (isEnd ? known.words : '') : fragments.map(argumentsOf).join('');
  const told = { ...choice, delta: { ...delta, ...(text !== '' && { content: text }) } };
  return isEnd && known.call !== undefined ? finished(told) : told;
}

function argumentsOf({ function: called }: { function?: { arguments?: string } }): string {
  return called?.arguments ?? '';
}

/** That it ended in a call of ours is nothing to tell. */
function finished<Choice extends CompletionChoice | ChunkChoice>(choice: Choice): Choice {
  const { raw_finish_reason = 'tool_calls', finish_reason } = choice;
  return finish_reason === 'tool_calls' ? { ...choice, finish_reason: 'stop', raw_finish_reason } : choice;
}
