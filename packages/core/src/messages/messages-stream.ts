import type { OpenedStream } from '../completion/chunk-source.ts';
import type { MessagesEvent, MessagesResult } from '../contract/messages.ts';
import { InvalidRequestError } from '../errors/errors.ts';
import { type EventKinds, EventStream } from '../operations/event-stream.ts';
import { toEventBytes } from '../over-chat/to-event-bytes.ts';
import { MessageFold } from './message-fold.ts';
import { toMessagesFailure } from './to-messages-failure.ts';
import { toUsage } from './usage.ts';

export const messagesKinds: EventKinds<MessagesEvent> = {
  isContent: ({ type }) => type !== 'message_start' && type !== 'content_block_start',
  isEnd: ({ type }) => type === 'message_stop',
  usageOf: (event) => (event.type === 'message_delta' ? toUsage(event.usage) : undefined),
};

/** A streamed message: the events, their bytes, or the whole. */
export class MessagesStream extends EventStream<MessagesEvent> {
  readonly #fold = new MessageFold();

  constructor(opened: OpenedStream<MessagesEvent>) {
    super(opened, messagesKinds);
  }

  /**
   * The whole message, of the same type as one that was not streamed. Reads the stream to its end, unless that has been
   * done: then it is there still.
   * @throws InvalidRequestError while somebody else is reading, or when they left before the end
   */
  async message(): Promise<MessagesResult> {
    if (!this.taken) for await (const _ of this);
    const { message } = this.#fold;
    if (message && this.complete) return { ...message, meta: this.meta };
    throw new InvalidRequestError('the stream has not been read to its end: there is no whole message');
  }

  /** The events as bytes, for the response of a web handler. A failure is sent as an `error` event before it fails. */
  toReadableStream(): ReadableStream<Uint8Array> {
    return toEventBytes(this[Symbol.asyncIterator](), (error) => toMessagesFailure(error).body);
  }

  protected override passed(event: MessagesEvent): void {
    this.#fold.add(event);
  }
}
