import type { OpenedStream } from '../completion/chunk-source.ts';
import { type StreamFold, StreamReader } from '../completion/stream-reader.ts';
import type { CallMeta } from '../contract/call-meta.ts';
import type { PartialAnswer } from '../errors/errors.ts';
import type { TokensUsed } from '../policy/attempt.ts';

/** What the events of an operation's stream mean. */
export interface EventKinds<Event> {
  /** What the consumer waits for: the stream is opened with the first, and is idle between two of them. */
  isContent: (event: Event) => boolean;
  /** The answer's own end. A stream that ends without one was cut. */
  isEnd: (event: Event) => boolean;
  /** Token counts, where the event tells them. */
  usageOf?: (event: Event) => TokensUsed | undefined;
}

/**
 * A streamed answer of an operation, event by event. Read it once. Leaving early (`break`, `return()`, `await using`)
 * closes the socket; a reader that pauses holds up the sender. A failure is thrown where it is met.
 */
export class EventStream<Event> implements AsyncIterable<Event>, AsyncDisposable {
  readonly #reader: StreamReader<Event>;

  /** @internal */
  constructor(opened: OpenedStream<Event>, kinds: EventKinds<Event>, whole?: string) {
    this.#reader = new StreamReader(opened, {
      fold: new EventFold(kinds, (event) => this.passed(event)),
      arrived: () => this.arrived(),
      ...(whole !== undefined && { whole }),
    });
  }

  /** The account of the call so far. */
  get meta(): CallMeta {
    return this.#reader.meta;
  }

  /** @throws InvalidRequestError when it has been read already */
  [Symbol.asyncIterator](): AsyncIterableIterator<Event> {
    return this.#reader.view((event) => event);
  }

  /** Closes the socket; what has not been read is lost. */
  close(): void {
    this.#reader.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  /** Settles when all has been read: by who reads it, here otherwise. Rejects with what the stream failed with. */
  protected readToEnd(): Promise<void> {
    return this.#reader.readToEnd();
  }

  /** Sees each event as it is handed out. */
  protected passed(_event: Event): void {}

  /** What the events so far make, for the error of a stream that fails. */
  protected arrived(): PartialAnswer {
    return {};
  }
}

class EventFold<Event> implements StreamFold<Event> {
  complete = false;
  usage: TokensUsed | undefined;
  readonly #kinds: EventKinds<Event>;
  readonly #passed: (event: Event) => void;

  constructor(kinds: EventKinds<Event>, passed: (event: Event) => void) {
    this.#kinds = kinds;
    this.#passed = passed;
  }

  add(event: Event): void {
    this.#passed(event);
    this.usage = this.#kinds.usageOf?.(event) ?? this.usage;
    this.complete ||= this.#kinds.isEnd(event);
  }
}
