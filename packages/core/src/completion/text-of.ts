import type { ChatCompletionChunk } from '../contract/chat-completion.ts';

/** The text that a chunk adds to the first choice. */
export function textOf({ choices }: ChatCompletionChunk): string | undefined {
  const choice = choices[0]?.index === 0 ? choices[0] : choices.find(({ index }) => index === 0);
  return choice?.delta.content || undefined;
}
