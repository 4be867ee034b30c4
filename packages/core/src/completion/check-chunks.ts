import type { ChatCompletionChunk } from '../contract/chat-completion.ts';
import { type Answered, misfit, withSoundUsage } from './check-answer.ts';
import { faultInChunk } from './chunk-faults.ts';

/** As `checkCompletion`, for what a stream yields. */
export function checkChunks(chunks: readonly ChatCompletionChunk[], attempt: Answered): readonly ChatCompletionChunk[] {
  let sound = chunks;
  for (let at = 0; at < chunks.length; at++) {
    const chunk = chunks[at] as ChatCompletionChunk;
    const fault = faultInChunk(chunk);
    if (fault !== undefined) throw misfit(`chunk${fault}`, attempt);
    if (!chunk.usage) continue;
    const counted = withSoundUsage(chunk, attempt);
    if (counted !== chunk) sound = sound.with(at, counted);
  }
  return sound;
}
