import type { ChunkReceiver, OpenedStream, StreamSource } from '../completion/chunk-source.ts';
import { interruption, toStreamFailure } from '../completion/stream-failure.ts';
import type { CallMeta } from '../contract/call-meta.ts';
import { InvalidRequestError } from '../errors/errors.ts';
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

interface Waiting<Event> {
  resolve: (result: IteratorResult<Event, undefined>) => void;
  reject: (reason: unknown) => void;
}

const left = new DOMException('the consumer has left', 'AbortError');
const ended: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * A streamed answer of an operation, event by event. Read it once. Leaving early (`break`, `return()`, `await using`)
 * closes the socket; a reader that pauses holds up the sender. A failure is thrown where it is met.
 */
export class EventStream<Event> implements AsyncIterable<Event>, AsyncDisposable {
  readonly #source: StreamSource<Event>;
  readonly #kinds: EventKinds<Event>;
  #events: readonly Event[];
  #at = 0;
  #taken = false;
  #complete = false;
  #usage: TokensUsed | undefined;
  #over = false;
  #waiting: Waiting<Event>[] = [];

  constructor({ source, ahead }: OpenedStream<Event>, kinds: EventKinds<Event>) {
    this.#source = source;
    this.#events = ahead;
    this.#kinds = kinds;
  }

  /** The account of the call so far. */
  get meta(): CallMeta {
    return this.#source.call.meta(this.#source.attempt);
  }

  /** @throws InvalidRequestError when it has been read already */
  [Symbol.asyncIterator](): AsyncIterableIterator<Event> {
    if (this.#taken) throw new InvalidRequestError('a stream can be read only once');
    this.#taken = true;
    return {
      next: () => this.#next(),
      return: async () => {
        this.close();
        return ended;
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  /** Closes the socket; what has not been read is lost. */
  close(): void {
    if (this.#over) return;
    this.#source.cancel(left); // to the circuit and the balance this is no failure of the server
    this.#settle(left);
    this.#source.call.cancel(left);
    this.#endWaiting();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  #next(): Promise<IteratorResult<Event, undefined>> {
    if (this.#at < this.#events.length) return Promise.resolve({ done: false, value: this.#take() });
    if (this.#over) return Promise.resolve(ended);
    const { promise, resolve, reject } = Promise.withResolvers<IteratorResult<Event, undefined>>();
    this.#waiting.push({ resolve, reject });
    if (this.#waiting.length === 1) this.#source.pull(this.#receiver);
    return promise;
  }

  /** Whether it has been read to its end. */
  protected get complete(): boolean {
    return this.#complete;
  }

  /** Whether somebody reads it, or has. */
  protected get taken(): boolean {
    return this.#taken;
  }

  /** Sees each event as it is handed out. */
  protected passed(_event: Event): void {}

  #take(): Event {
    const event = this.#events[this.#at++] as Event;
    this.passed(event);
    this.#usage = this.#kinds.usageOf?.(event) ?? this.#usage;
    this.#complete ||= this.#kinds.isEnd(event);
    return event;
  }

  readonly #receiver: ChunkReceiver<Event> = {
    received: (events) => {
      if (!events) this.#finish();
      else this.#serve(events);
    },
    failed: (reason) => this.#fail(reason),
  };

  #serve(events: readonly Event[]): void {
    this.#events = events;
    this.#at = 0;
    while (this.#at < events.length) {
      const first = this.#waiting.shift();
      if (!first) return;
      first.resolve({ done: false, value: this.#take() });
    }
    if (this.#waiting.length > 0) this.#source.pull(this.#receiver);
  }

  #finish(): void {
    if (!this.#complete) {
      this.#fail(interruption(this.#source.attempt, 'ended before the answer did'));
      return;
    }
    this.#source.attempt.succeed(this.#usage);
    this.#source.call.end();
    this.#over = true;
    this.#endWaiting();
  }

  /** The failure is thrown from the `next()` that met it; for those behind it the stream is over. */
  #fail(cause: unknown): void {
    const error = toStreamFailure(cause, this.#source.attempt, () => ({}));
    this.#source.cancel(error);
    this.#settle(error);
    this.#source.call.cancel(error);
    this.#waiting.shift()?.reject(error);
    this.#endWaiting();
  }

  #settle(error: unknown): void {
    this.#over = true;
    this.#events = [];
    this.#at = 0;
    this.#source.attempt.fail(error, this.#usage);
    this.#source.call.fail(error);
  }

  #endWaiting(): void {
    for (const { resolve } of this.#waiting.splice(0)) resolve(ended);
  }
}
