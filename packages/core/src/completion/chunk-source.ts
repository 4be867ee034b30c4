import type { ChatCompletionChunk } from '../contract/chat-completion.ts';
import type { ChunkBatch } from '../contract/provider.ts';
import { StreamInterruptedError } from '../errors/errors.ts';
import type { Attempt } from '../policy/attempt.ts';
import type { Call } from '../policy/call.ts';

type Chunks = readonly ChatCompletionChunk[];

/** Gets what was asked for by `pull`: one of the two is called once for each. */
export interface ChunkReceiver {
  /** The chunks of the next network read; `undefined` at the end of the stream. */
  received(chunks: Chunks | undefined): void;
  failed(reason: unknown): void;
}

/** What a stream of the caller's reads from. */
export interface StreamSource {
  readonly call: Call;
  readonly attempt: Attempt;
  /** Asks for the next chunks. One at a time. */
  pull(receiver: ChunkReceiver): void;
  /** Closes the socket and lets the provider clean up. */
  cancel(reason: unknown): void;
  /** Whether it begins anew after this failure; then the receiver gets what comes. */
  restart(error: unknown, receiver: ChunkReceiver): boolean;
}

/** A stream that has come to its first content. */
export interface OpenedStream {
  source: StreamSource;
  ahead: readonly ChatCompletionChunk[];
}

/**
 * The provider's stream of one attempt, read under the call's time limits. Callbacks, and not a promise for each layer,
 * carry the chunks from here to the consumer: with one event per packet, promises were a fifth of the client's time.
 */
export class ChunkSource implements StreamSource {
  readonly call: Call;
  readonly attempt: Attempt;
  readonly #iterator: AsyncIterator<ChunkBatch>;
  #receiver: ChunkReceiver | undefined;
  /** How long has been waited since the last content; the time in which nobody reads is not in it. */
  #idleMs = 0;
  #pulledAt = 0;
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
      const chunks = await new Promise<Chunks | undefined>((received, failed) => this.pull({ received, failed }));
      if (chunks === undefined) throw this.#emptyStream();
      ahead.push(...chunks);
    }
    return ahead;
  }

  pull(receiver: ChunkReceiver): void {
    this.#receiver = receiver;
    this.#pulledAt = this.call.elapsedMs;
    if (this.#opened) this.attempt.idles(this.#idleMs);
    this.attempt.guardCallbacks(() => this.#iterator.next(), this.#onNext, this.#onFailed);
  }

  restart(): boolean {
    return false;
  }

  cancel(reason: unknown): void {
    this.#receiver = undefined;
    this.attempt.abort(reason);
    // The consumer has left: nobody is there to be told of a failure in the provider's own clean-up.
    const cleanUp = async () => this.#iterator.return?.();
    cleanUp().catch(() => {});
  }

  readonly #onNext = ({ done, value }: IteratorResult<ChunkBatch>): void => {
    const receiver = this.#receiver;
    if (!receiver) return;
    this.#receiver = undefined;
    if (this.#opened) this.attempt.rests();
    const chunks: Chunks | undefined = done || Array.isArray(value) ? value : [value];
    try {
      if (chunks) this.#note(chunks);
    } catch (error) {
      receiver.failed(this.attempt.toTypedError(error));
      return;
    }
    receiver.received(chunks);
  };

  readonly #onFailed = (reason: unknown): void => {
    const receiver = this.#receiver;
    this.#receiver = undefined;
    receiver?.failed(reason);
  };

  #note(chunks: Chunks): void {
    if (!chunks.some(hasContent)) {
      this.#idleMs += this.call.elapsedMs - this.#pulledAt;
      return;
    }
    this.#idleMs = 0;
    if (this.#opened) return;
    this.#opened = true;
    this.attempt.firstToken();
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
