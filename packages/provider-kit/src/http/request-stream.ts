import type { ProviderContext } from '@anyllm/core/provider';
import { Exchange, type WireRequest, type WireResponse } from './exchange.ts';

/** Turns bytes into what a stream yields, synchronously, in the callback in which they come. */
export interface StreamDecoder<T> {
  /** Takes the next bytes and appends to `out` what is complete. What it throws ends the stream. */
  push(bytes: Uint8Array, out: T[]): void;
  /** The body has ended. */
  end(out: T[]): void;
  /** The stream is over by its own word (`[DONE]`), whatever else may come. */
  readonly done: boolean;
}

/** The socket is held up while more than this has come in and has not been read. */
const maxUnreadBytes = 16 * 1024;

/** After the stream's own end: how long, and for how many bytes, the body may go on before the socket is closed. */
const drainMs = 1_000;
const maxDrainBytes = 64 * 1024;

/**
 * Sends a request and yields what its answer decodes to, all that one network read brought at a time. The request
 * goes out with the first `next()`. Leaving the iteration closes the socket; not reading holds up the sender.
 * @param decoderFor chooses the decoder when the head of the answer is known
 */
export function requestStream<T>(
  request: WireRequest,
  context: ProviderContext,
  decoderFor: (response: WireResponse) => StreamDecoder<T>,
): AsyncIterableIterator<readonly T[]> {
  let exchange: StreamExchange<T> | undefined;
  return {
    next() {
      if (!exchange) {
        exchange = new StreamExchange(request, context, decoderFor);
        exchange.send();
      }
      return exchange.next();
    },
    async return() {
      exchange?.leave();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** The rest of a body after the stream's own end. */
interface Drain {
  bytes: number;
  timer: NodeJS.Timeout;
}

type Result<T> = IteratorResult<readonly T[], undefined>;

class StreamExchange<T> extends Exchange {
  readonly #decoderFor: (response: WireResponse) => StreamDecoder<T>;
  #decoder: StreamDecoder<T> | undefined;
  #unread: T[] = [];
  #unreadBytes = 0;
  #paused = false;
  #waiting: { resolve: (result: Result<T>) => void; reject: (reason: unknown) => void } | undefined;
  #end: { reason?: unknown } | undefined;
  #drain: Drain | undefined;

  constructor(
    request: WireRequest,
    context: ProviderContext,
    decoderFor: (response: WireResponse) => StreamDecoder<T>,
  ) {
    super(request, context);
    this.#decoderFor = decoderFor;
  }

  /** One at a time. What came before a failure is still handed out. */
  next(): Promise<Result<T>> {
    if (this.#unread.length > 0) return Promise.resolve(this.#take());
    if (this.#end) return this.#atEnd();
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  leave(): void {
    if (this.#end) return;
    this.#end = {};
    this.cancel();
  }

  protected started(response: WireResponse): void {
    this.#decoder = this.#decoderFor(response);
  }

  protected received(bytes: Uint8Array): void {
    if (this.#drain) {
      this.#drained(this.#drain, bytes.length);
      return;
    }
    this.#decoder?.push(bytes, this.#unread);
    this.#unreadBytes += bytes.length;
    if (this.#decoder?.done) this.#endBeforeBody();
    this.#deliver();
    if (this.#unread.length > 0 && this.#unreadBytes > maxUnreadBytes) this.#hold();
  }

  protected ended(): void {
    clearTimeout(this.#drain?.timer);
    if (this.#drain) return;
    this.#decoder?.end(this.#unread);
    this.#end = {};
    this.#deliver();
  }

  protected failed(reason: unknown): void {
    this.#end = { reason };
    this.#deliver();
  }

  #take(): Result<T> {
    const value = this.#unread;
    this.#unread = [];
    this.#unreadBytes = 0;
    if (this.#paused) {
      this.#paused = false;
      this.resume();
    }
    return { done: false, value };
  }

  #atEnd(): Promise<Result<T>> {
    if (this.#end?.reason === undefined) return Promise.resolve({ done: true, value: undefined });
    const { reason } = this.#end;
    this.#end = {};
    return Promise.reject(reason);
  }

  #deliver(): void {
    const waiting = this.#waiting;
    if (!waiting || (this.#unread.length === 0 && !this.#end)) return;
    this.#waiting = undefined;
    if (this.#unread.length > 0) waiting.resolve(this.#take());
    else this.#atEnd().then(waiting.resolve, waiting.reject);
  }

  #hold(): void {
    this.#paused = true;
    this.pause();
  }

  /** A body read to its end leaves a connection that can be used again; a cancelled one costs the next call a new one. */
  #endBeforeBody(): void {
    this.#end = {};
    this.release();
    const timer = setTimeout(() => this.cancel(), drainMs);
    timer.unref();
    this.#drain = { bytes: 0, timer };
  }

  #drained(drain: Drain, bytes: number): void {
    drain.bytes += bytes;
    if (drain.bytes <= maxDrainBytes) return;
    clearTimeout(drain.timer);
    this.cancel();
  }
}
