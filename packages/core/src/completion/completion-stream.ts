import type { CallMeta } from '../contract/call-meta.ts';
import type { ChatCompletion, ChatCompletionChunk } from '../contract/chat-completion.ts';
import { AnyLLMError } from '../errors/any-llm-error.ts';
import { InvalidRequestError, StreamInterruptedError, TimeoutError } from '../errors/errors.ts';
import type { ChunkSource } from './chunk-source.ts';
import { CompletionFold } from './completion-fold.ts';
import { toChatCompletion } from './to-chat-completion.ts';
import { toServerSentEvents } from './to-server-sent-events.ts';

type Result = IteratorResult<ChatCompletionChunk, undefined>;

/**
 * A streamed answer. Read it once, by one of its views: the chunks, `text()` or `toReadableStream()`; `completion()`
 * gives the folded answer beside or instead of them. Leaving early (`break`, `return()`, `await using`, a cancelled
 * web stream) closes the socket; a reader that pauses holds up the sender. Errors throw from every view.
 */
export class CompletionStream implements AsyncIterable<ChatCompletionChunk>, AsyncDisposable {
  readonly #source: ChunkSource;
  readonly #fold = new CompletionFold();
  #batch: readonly ChatCompletionChunk[];
  #at = 0;
  #taken = false;
  #reading: Promise<unknown> | undefined;
  #end: { error?: unknown } | undefined;
  #onEnd: (() => void) | undefined;

  constructor(source: ChunkSource, ahead: readonly ChatCompletionChunk[]) {
    this.#source = source;
    this.#batch = ahead;
  }

  /** The account of the call so far. */
  get meta(): CallMeta {
    return this.#source.call.meta(this.#source.attempt);
  }

  /** @throws InvalidRequestError when another view has been taken already */
  [Symbol.asyncIterator](): AsyncIterableIterator<ChatCompletionChunk, undefined> {
    if (this.#taken) throw new InvalidRequestError('a stream can be read only once; `completion()` keeps the answer');
    this.#taken = true;
    return {
      next: () => this.#next(),
      return: async () => {
        this.close();
        return { done: true, value: undefined };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  /** Only the text of the first choice, piece by piece. */
  text(): AsyncIterableIterator<string, undefined> {
    const chunks = this[Symbol.asyncIterator]();
    return {
      next: async () => {
        for (;;) {
          const { value, done } = await chunks.next();
          if (done) return { done, value: undefined };
          const text = value.choices.find((choice) => choice.index === 0)?.delta.content;
          if (text) return { done: false, value: text };
        }
      },
      return: async () => {
        await chunks.return?.();
        return { done: true, value: undefined };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  /**
   * The whole answer, of the same type as one that was not streamed. Reads the stream to its end unless another view
   * does; after it, or with it, gives the same answer.
   */
  async completion(): Promise<ChatCompletion> {
    if (this.#taken) await this.#ended();
    else for await (const _ of this);
    if (this.#end?.error !== undefined) throw this.#end.error;
    return this.#partial();
  }

  /**
   * The chunks as the bytes of an OpenAI-shaped event stream, for the response of a web handler. A failure is sent as
   * an `error` event before the stream fails, so that the other end learns of it too.
   */
  toReadableStream(): ReadableStream<Uint8Array> {
    return toServerSentEvents(this[Symbol.asyncIterator]());
  }

  /** Closes the socket. What has not been read is lost; `completion()` then rejects. */
  close(): void {
    if (this.#end) return;
    const error = this.#interrupted('was closed by its consumer before its end');
    this.#source.cancel(error);
    this.#settle(error);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  #next(): Promise<Result> {
    if (this.#reading) return this.#reading.then(() => this.#next());
    const chunk = this.#take();
    if (chunk) return Promise.resolve({ done: false, value: chunk });
    const reading = this.#read().finally(() => {
      this.#reading = undefined;
    });
    // Another `next()` only waits for its turn; the failure is thrown from this one.
    this.#reading = reading.then(undefined, () => {});
    return reading;
  }

  #take(): ChatCompletionChunk | undefined {
    if (this.#end) return undefined;
    const chunk = this.#batch[this.#at];
    if (chunk === undefined) return undefined;
    this.#at += 1;
    this.#fold.add(chunk);
    return chunk;
  }

  async #read(): Promise<Result> {
    if (this.#end) return { done: true, value: undefined };
    try {
      while (this.#at >= this.#batch.length) {
        const batch = await this.#source.read();
        if (this.#end) return { done: true, value: undefined };
        if (batch === undefined) return this.#finish();
        this.#batch = batch;
        this.#at = 0;
      }
    } catch (error) {
      throw this.#fail(error);
    }
    return { done: false, value: this.#take() as ChatCompletionChunk };
  }

  #finish(): Result {
    if (!this.#fold.complete) throw this.#interrupted('ended before the answer did (no finish reason)');
    this.#source.attempt.succeed();
    this.#source.call.end();
    this.#settle();
    return { done: true, value: undefined };
  }

  #fail(cause: unknown): unknown {
    if (this.#end) return this.#end.error;
    const error = this.#withPartial(cause);
    this.#source.cancel(error);
    this.#settle(error);
    return error;
  }

  /** A time-out keeps its class, a caller's reason stays as it is; every other failure interrupts the stream. */
  #withPartial(cause: unknown): unknown {
    if (TimeoutError.isInstance(cause)) {
      const { provider, model, phase, timeoutMs } = cause;
      return new TimeoutError(cause.message, { provider, model, phase, timeoutMs, partial: this.#partial() });
    }
    if (!AnyLLMError.isInstance(cause) || StreamInterruptedError.isInstance(cause)) return cause;
    return this.#interrupted(`broke off (${cause.message})`, cause);
  }

  #interrupted(how: string, cause?: AnyLLMError): StreamInterruptedError {
    const { provider, modelId: model, answer } = this.#source.attempt;
    return new StreamInterruptedError(`${provider.id}: the stream ${how}`, {
      provider: provider.id,
      model,
      status: cause?.status,
      requestId: answer?.requestId,
      partial: this.#partial(),
      cause,
    });
  }

  #partial(): ChatCompletion {
    return toChatCompletion(this.#fold.result(), this.meta);
  }

  #settle(error?: unknown): void {
    this.#end = error === undefined ? {} : { error };
    this.#batch = [];
    if (error !== undefined) {
      this.#source.attempt.fail(error);
      this.#source.call.fail(error);
    }
    this.#onEnd?.();
  }

  /** Waits for the reader of the other view; when the call is aborted meanwhile, that one may never come back. */
  #ended(): Promise<void> {
    if (this.#end) return Promise.resolve();
    const { signal } = this.#source.attempt;
    return new Promise((resolve) => {
      this.#onEnd = resolve;
      signal.addEventListener('abort', () => this.#fail(signal.reason), { once: true });
    });
  }
}
