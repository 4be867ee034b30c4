import type { CallMeta } from '../contract/call-meta.ts';
import { InvalidRequestError, type PartialAnswer } from '../errors/errors.ts';
import type { TokensUsed } from '../policy/attempt.ts';
import type { ChunkReceiver, OpenedStream, StreamSource } from './chunk-source.ts';
import { interruption, toStreamFailure } from './stream-failure.ts';

/** What the chunks of a stream add up to. */
export interface StreamFold<Chunk> {
  /** Takes each chunk as it is handed out. */
  add(chunk: Chunk): void;
  /** Whether all of the answer has come. A stream that ends before was cut. */
  readonly complete: boolean;
  /** The count that was named last. */
  readonly usage: TokensUsed | undefined;
}

export interface StreamReading<Chunk> {
  fold: StreamFold<Chunk>;
  /** As much of the answer as has been read, for the error of a stream that fails. */
  arrived(): PartialAnswer;
  /** The method that gives the whole answer, for messages. */
  whole?: string;
  /** What a stream without its end lacks, for messages. */
  lack?: string;
  /** All has been read, and nothing is missing. */
  finished?(): void;
}

/** What a view makes of a chunk; `undefined` passes it over. */
type Project<Chunk, T> = (chunk: Chunk) => T | undefined;

interface PendingNext<Chunk> {
  project: Project<Chunk, unknown>;
  // The result is of the type that `project` gives; one field cannot say so for every view.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  resolve: (result: any) => void;
  reject: (reason: unknown) => void;
}

const left = new DOMException('the consumer has left', 'AbortError');
const ended: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * The consumer's side of a stream: one view of its chunks, which may be left early, and whoever waits for the end of
 * it. A failure is thrown from the `next()` that meets it, and to all who wait for the end.
 */
export class StreamReader<Chunk> {
  readonly #source: StreamSource<Chunk>;
  readonly #reading: StreamReading<Chunk>;
  #chunks: readonly Chunk[];
  #at = 0;
  #taken = false;
  #showsRestart = false;
  /** The calls of `next()` that wait for the network, in their order. */
  readonly #pending: PendingNext<Chunk>[] = [];
  #end: { error?: unknown } | undefined;
  /** A failure that no `next()` has met: it came while the reader paused. */
  #unmet: { error: unknown } | undefined;
  readonly #waiting: (() => void)[] = [];
  /** Whose abort ends the stream for those who wait. */
  #watched: StreamSource['attempt'] | undefined;

  constructor({ source, ahead }: OpenedStream<Chunk>, reading: StreamReading<Chunk>) {
    this.#source = source;
    this.#reading = reading;
    this.#chunks = ahead;
  }

  get attempt(): StreamSource['attempt'] {
    return this.#source.attempt;
  }

  /** The account of the call so far. */
  get meta(): CallMeta {
    return this.#source.call.meta(this.attempt);
  }

  /**
   * @param showsRestart whether who reads can be told that what came before is void; otherwise there is no restart
   * @throws InvalidRequestError when there is a view already
   */
  view<T>(project: Project<Chunk, T>, showsRestart = false): AsyncIterableIterator<T> {
    if (this.#taken) throw this.#takenAlready();
    this.#taken = true;
    this.#showsRestart = showsRestart;
    return {
      next: () => this.#next(project),
      return: async () => {
        this.close();
        return ended;
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  /**
   * Settles when all has been read: by the view that there is, here otherwise.
   * @throws what the stream failed with; StreamInterruptedError when its consumer has left
   */
  async readToEnd(): Promise<void> {
    if (this.#taken) await this.#ended();
    else for await (const _ of this.view((chunk) => chunk, true));
    if (this.#end?.error !== undefined) throw this.#end.error;
  }

  /** Closes the socket. What has not been read is lost. */
  close(): void {
    if (this.#end) return;
    const error = this.#toFailure(interruption(this.attempt, 'was closed by its consumer before its end'));
    this.#source.cancel(left); // to the circuit and the balance this is no failure of the server
    this.#settle(error);
    this.#source.call.cancel(error);
    this.#resolvePending();
  }

  #next<T>(project: Project<Chunk, T>): Promise<IteratorResult<T, undefined>> {
    const isFirst = this.#pending.length === 0;
    try {
      const value = this.#takeUntil(project); // nothing is there while others wait
      if (value !== undefined) return Promise.resolve({ done: false, value });
    } catch (error) {
      return Promise.reject(this.#fail(this.attempt.toTypedError(error)));
    }
    if (this.#unmet) return this.#meet(this.#unmet.error);
    if (this.#end) return Promise.resolve(ended);
    const { promise, resolve, reject } = Promise.withResolvers<IteratorResult<T, undefined>>();
    this.#pending.push({ project, resolve, reject });
    if (isFirst) this.#source.pull(this.#receiver);
    return promise;
  }

  #meet(error: unknown): Promise<never> {
    this.#unmet = undefined;
    return Promise.reject(error);
  }

  /** Takes chunks that are there until one gives something. */
  #takeUntil<T>(project: Project<Chunk, T>): T | undefined {
    while (this.#at < this.#chunks.length) {
      const chunk = this.#chunks[this.#at++] as Chunk;
      this.#reading.fold.add(chunk);
      const value = project(chunk);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  readonly #receiver: ChunkReceiver<Chunk> = {
    received: (chunks) => {
      if (chunks) this.#received(chunks);
      else if (this.#reading.fold.complete) this.#finish();
      else this.#failed(this.#cut());
    },
    failed: (reason) => this.#failed(reason),
  };

  #received(chunks: readonly Chunk[]): void {
    this.#chunks = chunks;
    this.#at = 0;
    if (this.#waiting.length > 0) this.#watch(); // another one, after a restart
    try {
      this.#serve();
    } catch (error) {
      this.#failed(this.attempt.toTypedError(error));
    }
  }

  /** Hands what is there to those who wait, and asks for more while any does. */
  #serve(): void {
    for (let first = this.#pending[0]; first !== undefined; first = this.#pending[0]) {
      const value = this.#takeUntil(first.project);
      if (value === undefined) {
        this.#source.pull(this.#receiver);
        return;
      }
      this.#pending.shift();
      first.resolve({ done: false, value });
    }
  }

  #finish(): void {
    this.#reading.finished?.();
    this.attempt.succeed(this.#reading.fold.usage);
    this.#source.call.end();
    this.#settle();
    this.#resolvePending();
  }

  /** The failure is thrown from the `next()` that met it; for those behind it the stream is over. */
  #failed(reason: unknown): void {
    if (!this.#end && this.#showsRestart && this.#source.restart(reason, this.#receiver)) return;
    const first = this.#pending.shift();
    first?.reject(this.#fail(reason));
    this.#resolvePending();
  }

  #resolvePending(): void {
    for (const pending of this.#pending.splice(0)) pending.resolve(ended);
  }

  #fail(cause: unknown): unknown {
    if (this.#end) return this.#end.error;
    const error = this.#toFailure(cause);
    this.#source.cancel(error);
    this.#settle(error);
    this.#source.call.cancel(error);
    return error;
  }

  #toFailure(cause: unknown): unknown {
    if (this.#source.call.isCallersReason(cause)) return cause;
    return toStreamFailure(cause, this.attempt, () => this.#reading.arrived());
  }

  #cut(): unknown {
    const { lack } = this.#reading;
    return interruption(this.attempt, `ended before the answer did${lack ? ` (${lack})` : ''}`);
  }

  #takenAlready(): InvalidRequestError {
    const { whole } = this.#reading;
    return new InvalidRequestError(`a stream can be read only once${whole ? `; \`${whole}\` keeps the answer` : ''}`);
  }

  #settle(error?: unknown): void {
    this.#end = error === undefined ? {} : { error };
    this.#chunks = [];
    this.#at = 0;
    if (error !== undefined) {
      this.attempt.fail(error, this.#reading.fold.usage);
      this.#source.call.fail(error);
    }
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** Waits for the reader. */
  #ended(): Promise<void> {
    this.#watch();
    if (this.#end) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** When the call is aborted, a reader that pauses may never come back to be told. */
  #watch(): void {
    if (this.#watched === this.attempt) return;
    this.#watched = this.attempt;
    this.attempt.onAbort((reason) => {
      if (!this.#end) this.#unmet = { error: this.#fail(reason) };
    });
  }
}
