import type { CallMeta } from '../contract/call-meta.ts';
import type { SpeechChunk, SpeechUsage } from '../contract/speech.ts';
import { InvalidRequestError } from '../errors/errors.ts';
import type { EventStream } from './event-stream.ts';

/**
 * Sound as it comes. Read it once: as bytes piece by piece, whole by `bytes()`, or as a web stream. Leaving early closes
 * the socket; a reader that pauses holds up the sender.
 */
export class SpeechStream implements AsyncIterable<Uint8Array>, AsyncDisposable {
  /** As `audio/mpeg`. */
  readonly mediaType: string;
  readonly #stream: EventStream<SpeechChunk>;
  readonly #first: SpeechChunk | undefined;
  readonly #rest: AsyncIterableIterator<SpeechChunk>;
  #taken = false;
  #usage: SpeechUsage | undefined;

  /** @internal */
  constructor(
    first: SpeechChunk | undefined,
    stream: EventStream<SpeechChunk>,
    rest: AsyncIterableIterator<SpeechChunk>,
  ) {
    this.mediaType = first?.type === 'start' ? first.media_type : 'application/octet-stream';
    this.#stream = stream;
    this.#first = first;
    this.#rest = rest;
  }

  /** The account of the call so far. */
  get meta(): CallMeta {
    return this.#stream.meta;
  }

  /** Once all has been read, where the vendor tells it. */
  get usage(): SpeechUsage | undefined {
    return this.#usage;
  }

  /** @throws InvalidRequestError when it has been read already */
  [Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    if (this.#taken) throw new InvalidRequestError('a stream can be read only once');
    this.#taken = true;
    return this.#read();
  }

  async *#read(): AsyncGenerator<Uint8Array, void> {
    try {
      if (this.#first?.type === 'audio') yield this.#first.audio;
      for await (const chunk of this.#rest) {
        if (chunk.type === 'audio') yield chunk.audio;
        else if (chunk.type === 'end') this.#usage = chunk.usage;
      }
    } finally {
      this.#stream.close();
    }
  }

  /**
   * All of it.
   * @throws StreamInterruptedError when it was cut
   */
  async bytes(): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    for await (const part of this) parts.push(part);
    return new Uint8Array(await new Blob(parts).arrayBuffer());
  }

  /** For the response of a web handler. */
  toReadableStream(): ReadableStream<Uint8Array> {
    return ReadableStream.from(this);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stream.close();
  }
}
