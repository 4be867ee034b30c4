import type { ChatCompletionChunk } from '../contract/chat-completion.ts';
import { checkChunks } from './check-chunks.ts';
import type { ChunkReading } from './chunk-source.ts';

/** How the chunks of a completion are looked at. */
export const chunkReading: ChunkReading<ChatCompletionChunk> = { hasContent, check: checkChunks };

/** Whether a chunk moves the answer on: text, a tool call, or its end. A role, a comment or a usage count does not. */
function hasContent({ choices }: ChatCompletionChunk): boolean {
  return choices.some(
    ({ delta, finish_reason }) =>
      Boolean(finish_reason) ||
      Boolean(delta.content || delta.reasoning || delta.refusal || delta.tool_calls || delta.audio),
  );
}
