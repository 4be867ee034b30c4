import type { ChatCompletionChunk } from '../contract/chat-completion.ts';
import type { ChunkBatch } from '../contract/provider.ts';
import { StreamInterruptedError } from '../errors/errors.ts';
import type { Attempt } from '../policy/attempt.ts';
import type { Call } from '../policy/call.ts';

/** The provider's stream of one attempt, read under the call's time limits. */
export class ChunkSource {
  readonly call: Call;
  readonly attempt: Attempt;
  readonly #iterator: AsyncIterator<ChunkBatch>;
  /** How long has been waited since the last content; the time in which nobody reads is not in it. */
  #idleMs = 0;
  #opened = false;

  constructor(call: Call, attempt: Attempt, stream: AsyncIterable<ChunkBatch>) {
    this.call = call;
    this.attempt = attempt;
    this.#iterator = stream[Symbol.asyncIterator]();
  }

  /**
   * Reads ahead to the first content. Until then nothing has reached the caller, so that a failure may still be
   * retried; from then on the stream is the consumer's.
   */
  async open(): Promise<ChatCompletionChunk[]> {
    const ahead: ChatCompletionChunk[] = [];
    while (!this.#opened) {
      const batch = await this.read();
      if (batch === undefined) throw this.#emptyStream();
      ahead.push(...batch);
    }
    return ahead;
  }

  /** The chunks of the next network read; `undefined` at the end. */
  async read(): Promise<readonly ChatCompletionChunk[] | undefined> {
    const { timer } = this.call;
    const since = this.call.elapsedMs;
    if (this.#opened) timer.enter('idle', this.#idleMs);
    const next = await this.attempt.guard(() => this.#iterator.next());
    if (this.#opened) timer.leavePhase();
    if (next.done) return undefined;
    const batch = Array.isArray(next.value) ? (next.value as readonly ChatCompletionChunk[]) : [next.value];
    this.#note(batch as readonly ChatCompletionChunk[], this.call.elapsedMs - since);
    return batch as readonly ChatCompletionChunk[];
  }

  /** Closes the socket and lets the provider clean up. */
  cancel(reason: unknown): void {
    this.attempt.abort(reason);
    // The consumer has left: nobody is there to be told of a failure in the provider's own clean-up.
    this.#iterator.return?.().then(undefined, () => {});
  }

  #note(batch: readonly ChatCompletionChunk[], waitedMs: number): void {
    if (!batch.some(hasContent)) {
      this.#idleMs += waitedMs;
      return;
    }
    this.#idleMs = 0;
    this.#opened = true;
    this.call.firstToken();
  }

  #emptyStream(): StreamInterruptedError {
    const { provider, modelId: model } = this.attempt;
    return new StreamInterruptedError(`${provider.id}: the stream ended before its first content`, {
      provider: provider.id,
      model,
      requestId: this.attempt.answer?.requestId,
      retryable: true,
    });
  }
}

/** Whether a chunk moves the answer on: text, a tool call, or its end. A role, a comment or a usage count does not. */
function hasContent({ choices }: ChatCompletionChunk): boolean {
  return choices.some(
    ({ delta, finish_reason }) =>
      finish_reason !== null ||
      Boolean(delta.content || delta.reasoning || delta.refusal || delta.tool_calls || delta.audio),
  );
}
