import { chunkReading } from '../completion/chunk-reading.ts';
import { ChunkSource, closeLate, type OpenedStream } from '../completion/chunk-source.ts';
import { CompletionStream } from '../completion/completion-stream.ts';
import { withRestarts } from '../completion/restarting-source.ts';
import type { CompletionOptions } from '../contract/call-options.ts';
import type { Attempt } from '../policy/attempt.ts';
import type { Call } from '../policy/call.ts';
import type { RetryPolicy } from '../policy/retry/retry-policy.ts';
import { ask } from './ask.ts';
import type { ClientRuntime } from './client-runtime.ts';
import type { CompletionQuestion } from './dispatch.ts';
import type { ChatTarget } from './resolve-target.ts';

/** What `dispatch` does for `stream: true`. Loaded with the first of them, see `late-parts.ts`. */
export function dispatchStream(
  runtime: ClientRuntime,
  question: CompletionQuestion,
  options: CompletionOptions,
): Promise<CompletionStream> {
  const deliver = options.onInterrupt === 'restart' ? toRestartingStream : toStream;
  return ask(runtime, { ...question, open: openStream, discard: closeLate, deliver }, options);
}

async function openStream(call: Call, attempt: Attempt, { provider, request }: ChatTarget): Promise<OpenedStream> {
  return ChunkSource.open(call, attempt, () => provider.stream(request, attempt), chunkReading);
}

function toStream(opened: OpenedStream): CompletionStream {
  return new CompletionStream(opened);
}

function toRestartingStream(
  opened: OpenedStream,
  again: () => Promise<OpenedStream>,
  plan: { retries: RetryPolicy },
): CompletionStream {
  return new CompletionStream(withRestarts(opened, again, plan));
}
