import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { RecordedRequest } from './recorded-request.ts';

// Time for a client to read what is on its way: a reset lets the system drop what has not been read.
const BEFORE_RESET_MS = 10;

/** One reply on its way to the client: every byte and every wait goes through here and is noted in the record. */
export class Delivery {
  /** Whether anyone is left to send to. */
  gone = false;
  readonly #response: ServerResponse;
  readonly #socket: Socket;
  readonly #record: RecordedRequest;
  #wake: () => void = () => {};
  #isBrokenOff = false;

  constructor(response: ServerResponse, record: RecordedRequest, onClosed: () => void) {
    this.#response = response;
    this.#socket = response.req.socket;
    this.#record = record;
    response.once('finish', () => {
      record.finishedAt = performance.now();
    });
    response.once('close', () => {
      this.gone = true;
      if (record.finishedAt === undefined && !this.#isBrokenOff) {
        record.aborted = true;
        record.closedAt = performance.now();
      }
      onClosed();
      this.#wake();
    });
  }

  /** Sends the headers alone; without a `content-length` the body goes out in HTTP chunks. */
  sendHead(status: number, headers: Record<string, string>): void {
    if (this.gone) return;
    this.#response.writeHead(status, headers).flushHeaders();
    this.#record.firstByteAt = performance.now();
  }

  /** Sends headers and body in one go. */
  sendAll(status: number, headers: Record<string, string>, body: Buffer): void {
    if (this.gone) return;
    this.#record.firstByteAt = performance.now();
    this.#record.bytesSent += body.length;
    this.#response.writeHead(status, headers).end(body);
  }

  /**
   * Sends bytes of the body at once, as an HTTP chunk of their own: `ServerResponse` would merge the writes of a turn.
   * Returns false when the client should be waited for, see `drained`.
   */
  write(bytes: Buffer): boolean {
    if (this.gone || bytes.length === 0) return true;
    this.#record.bytesSent += bytes.length;
    return this.#socket.write(this.#response.chunkedEncoding ? toChunk(bytes) : bytes);
  }

  drained(): Promise<void> {
    return this.#until((resolve) => {
      this.#socket.once('drain', resolve);
      return () => this.#socket.off('drain', resolve);
    });
  }

  pause(ms: number): Promise<void> {
    return this.#until((resolve) => {
      const timer = setTimeout(resolve, ms);
      return () => clearTimeout(timer);
    });
  }

  /** Settles when the client has gone. */
  departed(): Promise<void> {
    return this.#until(() => () => {});
  }

  end(): void {
    if (!this.gone) this.#response.end();
  }

  /** Closes the connection in good order, though the reply is not complete; `rest` goes into a chunk that never ends. */
  hangUp(rest = ''): void {
    this.#isBrokenOff = true;
    if (rest) this.#socket.write(`ffff\r\n${rest}`);
    this.#socket.destroySoon();
  }

  async reset(): Promise<void> {
    if (this.#record.firstByteAt !== undefined) await this.pause(BEFORE_RESET_MS);
    if (this.gone) return;
    this.#isBrokenOff = true;
    this.#socket.resetAndDestroy();
  }

  // Waits for something, or for the client to leave.
  #until(start: (resolve: () => void) => () => void): Promise<void> {
    if (this.gone) return Promise.resolve();
    return new Promise((resolve) => {
      const stop = start(resolve);
      this.#wake = () => {
        stop();
        resolve();
      };
    });
  }
}

function toChunk(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, CRLF]);
}

const CRLF = Buffer.from('\r\n');
