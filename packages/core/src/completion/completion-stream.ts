import type { CallMeta } from '../contract/call-meta.ts';
import type { ChatCompletion, ChatCompletionChunk } from '../contract/chat-completion.ts';
import { InvalidOutputError } from '../errors/errors.ts';
import { beyondCompletion } from '../late-parts.ts';
import type { OpenedStream } from './chunk-source.ts';
import { CompletionFold } from './completion-fold.ts';
import { partialView } from './partial-view.ts';
import { StreamReader } from './stream-reader.ts';
import { textOf } from './text-of.ts';
import { toChatCompletion } from './to-chat-completion.ts';
import { toServerSentEvents } from './to-server-sent-events.ts';

/**
 * A streamed answer. Read it once, by one of its views: the chunks, `text()`, `partial()` or `toReadableStream()`; `completion()`
 * gives the folded answer beside or instead of them. Leaving early (`break`, `return()`, `await using`, a cancelled
 * web stream) closes the socket; a reader that pauses holds up the sender. Errors throw from every view.
 */
export class CompletionStream implements AsyncIterable<ChatCompletionChunk>, AsyncDisposable {
  readonly #fold = new CompletionFold();
  readonly #reader: StreamReader<ChatCompletionChunk>;

  constructor(opened: OpenedStream) {
    this.#reader = new StreamReader(opened, {
      fold: this.#fold,
      arrived: () => ({ partial: this.#answer() }),
      whole: 'completion()',
      lack: 'no finish reason',
      finished: () => this.#finished(),
    });
  }

  /** The account of the call so far. */
  get meta(): CallMeta {
    return this.#reader.meta;
  }

  /** @throws InvalidRequestError when another view has been taken already */
  [Symbol.asyncIterator](): AsyncIterableIterator<ChatCompletionChunk> {
    return this.#reader.view((chunk) => chunk, true);
  }

  /** Only the text of the first choice, piece by piece. */
  text(): AsyncIterableIterator<string> {
    return this.#reader.view(textOf);
  }

  /**
   * The JSON that the first choice's text is, as it grows, each time there is more of it: one object, in which more and
   * more stands. A text that turns out not to be JSON fails when it is over.
   */
  partial(): AsyncIterableIterator<unknown> {
    return partialView(this.text(), {
      open: async () => {
        const { PartialJson } = await beyondCompletion(); // few read JSON, and they in streams
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
    await this.#reader.readToEnd();
    return this.#answer();
  }

  /**
   * The chunks as the bytes of an OpenAI-shaped event stream, for the response of a web handler. A failure is sent as
   * an `error` event before the stream fails, so that the other end learns of it too.
   */
  toReadableStream(): ReadableStream<Uint8Array> {
    return toServerSentEvents(this.#reader.view((chunk) => chunk));
  }

  /** Closes the socket. What has not been read is lost; `completion()` then rejects. */
  close(): void {
    this.#reader.close();
  }

  /** What `await using` calls: `close()`. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  #finished(): void {
    if (!this.#fold.wentOn) return;
    const { attempt } = this.#reader;
    const message = `${attempt.provider.id} went on with a choice after its finish reason`;
    attempt.warn({ code: 'content_after_finish', message });
  }

  #answer(): ChatCompletion {
    return toChatCompletion(this.#fold.result(), this.meta);
  }

  #notJson(): InvalidOutputError {
    const partial = this.#answer();
    const { provider, model, requestId } = partial.meta;
    const message = `${provider}: the answer is not JSON; see \`text\``;
    return new InvalidOutputError(message, { provider, model, requestId, reason: 'json', text: partial.text, partial });
  }
}
