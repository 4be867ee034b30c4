import type { CallMeta } from '../contract/call-meta.ts';
import type { ChatCompletion, ChatCompletionChunk } from '../contract/chat-completion.ts';
import { InvalidOutputError, InvalidRequestError } from '../errors/errors.ts';
import type { ChunkReceiver, OpenedStream, StreamSource } from './chunk-source.ts';
import { CompletionFold } from './completion-fold.ts';
import { partialView } from './partial-view.ts';
import { interruption, toStreamFailure } from './stream-failure.ts';
import { toChatCompletion } from './to-chat-completion.ts';
import { toServerSentEvents } from './to-server-sent-events.ts';

/** What a view makes of a chunk; `undefined` passes it over. */
type Project<T> = (chunk: ChatCompletionChunk) => T | undefined;

interface PendingNext {
  project: Project<unknown>;
  // The result is of the type that `project` gives; one field cannot say so for every view.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  resolve: (result: any) => void;
  reject: (reason: unknown) => void;
}

const left = new DOMException('the consumer has left', 'AbortError');
const ended: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * A streamed answer. Read it once, by one of its views: the chunks, `text()`, `partial()` or `toReadableStream()`; `completion()`
 * gives the folded answer beside or instead of them. Leaving early (`break`, `return()`, `await using`, a cancelled
 * web stream) closes the socket; a reader that pauses holds up the sender. Errors throw from every view.
 */
export class CompletionStream implements AsyncIterable<ChatCompletionChunk>, AsyncDisposable {
  readonly #source: StreamSource;
  readonly #fold = new CompletionFold();
  #chunks: readonly ChatCompletionChunk[];
  #at = 0;
  #taken = false;
  #showsRestart = false;
  /** The calls of `next()` that wait for the network, in their order. */
  readonly #pending: PendingNext[] = [];
  #end: { error?: unknown } | undefined;
  /** A failure that no `next()` has met: it came while the reader paused. */
  #unmet: { error: unknown } | undefined;
  readonly #waiting: (() => void)[] = [];

  constructor({ source, ahead }: OpenedStream) {
    this.#source = source;
    this.#chunks = ahead;
  }

  /** The account of the call so far. */
  get meta(): CallMeta {
    return this.#source.call.meta(this.#source.attempt);
  }

  /** @throws InvalidRequestError when another view has been taken already */
  [Symbol.asyncIterator](): AsyncIterableIterator<ChatCompletionChunk> {
    return this.#view((chunk) => chunk, true);
  }

  /** Only the text of the first choice, piece by piece. */
  text(): AsyncIterableIterator<string> {
    return this.#view(textOf);
  }

  /**
   * The JSON that the first choice's text is, as it grows, each time there is more of it: one object, in which more and
   * more stands. A text that turns out not to be JSON fails when it is over.
   */
  partial(): AsyncIterableIterator<unknown> {
    return partialView(this.text(), {
      open: async () => {
        const { PartialJson } = await import('../on-demand.ts'); // few read JSON, and they in streams
        return new PartialJson();
      },
      read: ({ value }) => value,
      end: async ({ complete }) => {
        if (!complete) throw this.#notJson();
      },
    });
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
    return toServerSentEvents(this.#view((chunk) => chunk));
  }

  /** Closes the socket. What has not been read is lost; `completion()` then rejects. */
  close(): void {
    if (this.#end) return;
    const error = this.#toFailure(interruption(this.#source.attempt, 'was closed by its consumer before its end'));
    this.#source.cancel(left); // to the circuit and the balance this is no failure of the server
    this.#settle(error);
    this.#source.call.cancel(error);
    this.#resolvePending();
  }

  /** What `await using` calls: `close()`. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  /** @param showsRestart whether who reads can be told that what came before is void; otherwise there is no restart */
  #view<T>(project: Project<T>, showsRestart = false): AsyncIterableIterator<T> {
    if (this.#taken) throw new InvalidRequestError('a stream can be read only once; `completion()` keeps the answer');
    this.#taken = true;
    this.#showsRestart = showsRestart;
    return {
      next: () => this.#next(project),
      return: async () => {
        this.close();
        return { done: true, value: undefined };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  #next<T>(project: Project<T>): Promise<IteratorResult<T, undefined>> {
    const isFirst = this.#pending.length === 0;
    try {
      const value = this.#takeUntil(project); // nothing is there while others wait
      if (value !== undefined) return Promise.resolve({ done: false, value });
    } catch (error) {
      return Promise.reject(this.#fail(this.#source.attempt.toTypedError(error)));
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
  #takeUntil<T>(project: Project<T>): T | undefined {
    while (this.#at < this.#chunks.length) {
      const chunk = this.#chunks[this.#at++] as ChatCompletionChunk;
      this.#fold.add(chunk);
      const value = project(chunk);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  readonly #receiver: ChunkReceiver = {
    received: (chunks) => {
      if (chunks) this.#received(chunks);
      else if (this.#fold.complete) this.#finish();
      else this.#failed(interruption(this.#source.attempt, 'ended before the answer did (no finish reason)'));
    },
    failed: (reason) => this.#failed(reason),
  };

  #received(chunks: readonly ChatCompletionChunk[]): void {
    this.#chunks = chunks;
    this.#at = 0;
    try {
      this.#serve();
    } catch (error) {
      this.#failed(this.#source.attempt.toTypedError(error));
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
    const { attempt } = this.#source;
    if (this.#fold.wentOn) {
      const message = `${attempt.provider.id} went on with a choice after its finish reason`;
      attempt.warn({ code: 'content_after_finish', message });
    }
    attempt.succeed(this.#fold.usage);
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
    return toStreamFailure(cause, this.#source.attempt, () => ({ partial: this.#partial() }));
  }

  #partial(): ChatCompletion {
    return toChatCompletion(this.#fold.result(), this.meta);
  }

  #notJson(): InvalidOutputError {
    const partial = this.#partial();
    const { provider, model, requestId } = partial.meta;
    const message = `${provider}: the answer is not JSON; see \`text\``;
    return new InvalidOutputError(message, { provider, model, requestId, reason: 'json', text: partial.text, partial });
  }

  #settle(error?: unknown): void {
    this.#end = error === undefined ? {} : { error };
    this.#chunks = [];
    this.#at = 0;
    if (error !== undefined) {
      this.#source.attempt.fail(error, this.#fold.usage);
      this.#source.call.fail(error);
    }
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** Waits for the reader of the other view; when the call is aborted meanwhile, that one may never come back. */
  #ended(): Promise<void> {
    this.#source.attempt.onAbort((reason) => {
      if (!this.#end) this.#unmet = { error: this.#fail(reason) };
    });
    if (this.#end) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

/** The text that a chunk adds to the first choice. */
export function textOf({ choices }: ChatCompletionChunk): string | undefined {
  const choice = choices[0]?.index === 0 ? choices[0] : choices.find(({ index }) => index === 0);
  return choice?.delta.content || undefined;
}
