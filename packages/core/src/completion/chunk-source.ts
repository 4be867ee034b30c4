import type { ChatCompletionChunk } from '../contract/chat-completion.ts';
import { ResponseParseError, StreamInterruptedError } from '../errors/errors.ts';
import { type Attempt, fasterCopy } from '../policy/attempt.ts';
import type { Call } from '../policy/call.ts';

/** Gets what was asked for by `pull`: one of the two is called once for each. */
export interface ChunkReceiver<Chunk = ChatCompletionChunk> {
  /** The chunks of the next network read; `undefined` at the end of the stream. */
  received(chunks: readonly Chunk[] | undefined): void;
  failed(reason: unknown): void;
}

/** What a stream of the caller's reads from. */
export interface StreamSource<Chunk = ChatCompletionChunk> {
  readonly call: Call;
  readonly attempt: Attempt;
  /** Asks for the next chunks. One at a time. */
  pull(receiver: ChunkReceiver<Chunk>): void;
  /** Closes the socket and lets the provider clean up. */
  cancel(reason: unknown): void;
  /** Whether it begins anew after this failure; then the receiver gets what comes. */
  restart(error: unknown, receiver: ChunkReceiver<Chunk>): boolean;
}

/** A stream that has come to its first content. */
export interface OpenedStream<Chunk = ChatCompletionChunk> {
  source: StreamSource<Chunk>;
  ahead: readonly Chunk[];
}

/** Closes the stream of a hedged call whose other copy was faster. */
export function closeLate<Chunk>({ source }: OpenedStream<Chunk>): void {
  source.cancel(fasterCopy);
  source.attempt.fail(fasterCopy);
}

/** How the chunks of an operation are read. */
export interface ChunkReading<Chunk> {
  /** Whether a chunk is what the consumer waits for, as a role or a count is not. */
  hasContent: (chunk: Chunk) => boolean;
  /** Throws at what is no chunk. Default: everything is one. */
  check?: (chunks: readonly Chunk[], attempt: Attempt) => readonly Chunk[];
}

/** What a provider's stream yields: one, or those of one network read together. */
type Batches<Chunk> = AsyncIterable<Chunk | readonly Chunk[]>;

/**
 * The provider's stream of one attempt, read under the call's time limits. Callbacks, and not a promise for each layer,
 * carry the chunks from here to the consumer: with one event per packet, promises were a fifth of the client's time.
 */
export class ChunkSource<Chunk> implements StreamSource<Chunk> {
  readonly call: Call;
  readonly attempt: Attempt;
  readonly #iterator: AsyncIterator<Chunk | readonly Chunk[]>;
  readonly #reading: ChunkReading<Chunk>;
  #receiver: ChunkReceiver<Chunk> | undefined;
  /** How long has been waited since the last content; the time in which nobody reads is not in it. */
  #idleMs = 0;
  #pulledAt = 0;
  #opened = false;

  private constructor(call: Call, attempt: Attempt, stream: Batches<Chunk>, reading: ChunkReading<Chunk>) {
    this.call = call;
    this.attempt = attempt;
    this.#reading = reading;
    this.#iterator = stream[Symbol.asyncIterator]();
  }

  static async open<Chunk>(
    call: Call,
    attempt: Attempt,
    start: () => Batches<Chunk>,
    reading: ChunkReading<Chunk>,
  ): Promise<OpenedStream<Chunk>> {
    let source: ChunkSource<Chunk> | undefined;
    try {
      source = new ChunkSource(call, attempt, start(), reading);
      const ahead = await source.#readAhead();
      attempt.letGo();
      return { source, ahead };
    } catch (error) {
      source?.cancel(error);
      throw error;
    }
  }

  /**
   * Reads ahead to the first content. Until then nothing has reached the caller, so that a failure may still be
   * retried; from then on the stream is the consumer's.
   */
  async #readAhead(): Promise<Chunk[]> {
    const ahead: Chunk[] = [];
    while (!this.#opened) {
      const chunks = await new Promise<readonly Chunk[] | undefined>((received, failed) =>
        this.pull({ received, failed }),
      );
      if (chunks === undefined) throw this.#withoutContent(ahead.length === 0);
      ahead.push(...chunks);
    }
    return ahead;
  }

  pull(receiver: ChunkReceiver<Chunk>): void {
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

  readonly #onNext = (result: IteratorResult<Chunk | readonly Chunk[]>): void => {
    const receiver = this.#receiver;
    if (!receiver) return;
    this.#receiver = undefined;
    if (this.#opened) this.attempt.rests();
    let chunks: readonly Chunk[] | undefined;
    try {
      chunks = this.#read(result);
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

  #read({ done, value }: IteratorResult<Chunk | readonly Chunk[]>): readonly Chunk[] | undefined {
    if (done) return undefined;
    const batch = (Array.isArray(value) ? value : [value]) as readonly Chunk[];
    const chunks = this.#reading.check?.(batch, this.attempt) ?? batch;
    this.#note(chunks);
    return chunks;
  }

  #note(chunks: readonly Chunk[]): void {
    if (!chunks.some(this.#reading.hasContent)) {
      this.#idleMs += this.call.elapsedMs - this.#pulledAt;
      return;
    }
    this.#idleMs = 0;
    if (this.#opened) return;
    this.#opened = true;
    this.attempt.firstToken();
  }

  /** A stream in which nothing has come is an empty body, or one that is no stream at all. */
  #withoutContent(isEmpty: boolean): ResponseParseError | StreamInterruptedError {
    const { provider, modelId: model, answer } = this.attempt;
    const details = { provider: provider.id, model, requestId: answer?.requestId, retryable: true };
    return isEmpty
      ? new ResponseParseError(`${provider.id}: what came holds nothing of an answer`, details)
      : new StreamInterruptedError(`${provider.id}: the stream ended before its first content`, details);
  }
}
