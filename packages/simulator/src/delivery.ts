import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { RecordedRequest } from './recorded-request.ts';

// Time for a client to read what is on its way: a reset lets the system drop what has not been read.
const BEFORE_RESET_MS = 10;

/** One reply on its way to the client: every byte and every wait goes through here and is noted in the record. */
export class Delivery {
  /** Whether anyone is left to send to. */
  gone = false;
  readonly #response: ServerResponse;
  readonly #record: RecordedRequest;
  #wake: () => void = () => {};
  #isBrokenOff = false;

  constructor(response: ServerResponse, record: RecordedRequest, onClosed: () => void) {
    this.#response = response;
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

  sendHead(status: number, headers: OutgoingHttpHeaders): void {
    if (this.gone) return;
    this.#response.writeHead(status, headers).flushHeaders();
    this.#record.firstByteAt = performance.now();
  }

  /** Returns false when the client should be waited for, see `drained`. */
  write(bytes: Buffer): boolean {
    if (this.gone) return true;
    this.#record.bytesSent += bytes.length;
    return this.#response.write(bytes);
  }

  drained(): Promise<void> {
    return this.#until((resolve) => {
      this.#response.once('drain', resolve);
      return () => this.#response.off('drain', resolve);
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

  /** Closes the connection in good order, though the reply is not complete. */
  hangUp(unframed = ''): void {
    this.#isBrokenOff = true;
    const { socket } = this.#response;
    if (unframed) socket?.write(unframed);
    socket?.destroySoon();
  }

  async reset(): Promise<void> {
    if (this.#record.bytesSent > 0) await this.pause(BEFORE_RESET_MS);
    this.#isBrokenOff = true;
    this.#response.socket?.resetAndDestroy();
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
