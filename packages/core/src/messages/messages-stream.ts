import type { OpenedStream } from '../completion/chunk-source.ts';
import type { MessagesAnswer, MessagesEvent, MessagesResult } from '../contract/messages.ts';
import type { PartialAnswer } from '../errors/errors.ts';
import { type EventKinds, EventStream } from '../operations/event-stream.ts';
import { toEventBytes } from '../over-chat/to-event-bytes.ts';
import { MessageFold } from './message-fold.ts';
import type { toMessagesFailure } from './to-messages-failure.ts';
import { toUsage } from './usage.ts';

export const messagesKinds: EventKinds<MessagesEvent> = {
  isContent: ({ type }) => type !== 'message_start' && type !== 'content_block_start',
  isEnd: ({ type }) => type === 'message_stop',
  usageOf: (event) => (event.type === 'message_delta' ? toUsage(event.usage) : undefined),
};

/** A streamed message: the events, their bytes, or the whole. */
export class MessagesStream extends EventStream<MessagesEvent> {
  readonly #fold = new MessageFold();
  readonly #toFailure: typeof toMessagesFailure;

  /** @internal */
  constructor(opened: OpenedStream<MessagesEvent>, toFailure: typeof toMessagesFailure) {
    super(opened, messagesKinds, 'message()');
    this.#toFailure = toFailure;
  }

  /**
   * The whole message, of the same type as one that was not streamed. Reads the stream to its end unless somebody else
   * does; after them, or with them, gives the same message.
   * @throws StreamInterruptedError when it broke off or its reader has left, with `partialMessage`
   */
  async message(): Promise<MessagesResult> {
    await this.readToEnd();
    return this.#result(this.#fold.message as MessagesAnswer);
  }

  /** The events as bytes, for the response of a web handler. A failure is sent as an `error` event before it fails. */
  toReadableStream(): ReadableStream<Uint8Array> {
    return toEventBytes(this[Symbol.asyncIterator](), (error) => this.#toFailure(error).body);
  }

  protected override passed(event: MessagesEvent): void {
    this.#fold.add(event);
  }

  protected override arrived(): PartialAnswer {
    const { soFar } = this.#fold;
    return { partialMessage: soFar && this.#result(soFar) };
  }

  #result(message: MessagesAnswer): MessagesResult {
    return { ...message, meta: this.meta };
  }
}
