import type { ErrorDetails } from '@anyllm/core/provider';
import { tooLong } from './too-long.ts';

const LF = 10;
const CR = 13;
const BOM = 0xfeff;
const DEFAULT_MAX_LINE_BYTES = 16 * 1024 * 1024;

export interface LineDecoderOptions {
  /** Bytes; a longer line ends the stream with a `ResponseParseError`. Default 16 MiB: image and audio deltas are large. */
  maxLineBytes?: number | undefined;
  /** Whether `\r` and `\r\n` end a line as `\n` does. Default `false`. */
  carriageReturn?: boolean;
  /** Goes onto the error. */
  details?: ErrorDetails | undefined;
}

/**
 * Turns the bytes of a body into lines, however the network cut them. Only whole lines are decoded, all those of one
 * push in one go: a line end is never part of a UTF-8 sequence, so none is ever split. Invalid bytes become U+FFFD and
 * a byte order mark at the start of the body is dropped.
 */
export class LineDecoder {
  readonly #maxLineBytes: number;
  readonly #carriageReturn: boolean;
  readonly #details: ErrorDetails | undefined;
  readonly #unfinished = new GrowingBuffer();
  #atStart = true;
  #afterReturn = false;

  constructor(options: LineDecoderOptions = {}) {
    this.#maxLineBytes = options.maxLineBytes ?? DEFAULT_MAX_LINE_BYTES;
    this.#carriageReturn = options.carriageReturn ?? false;
    this.#details = options.details;
  }

  /** The lines that these bytes complete, as one text in which each ends in `\n`; empty when there are none. */
  push(bytes: Uint8Array): string {
    const input = bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (this.#unfinished.length + input.length > this.#maxLineBytes) this.#checkLines(input);
    const end = this.#endOfLines(input);
    const text = end === 0 ? '' : this.#decode(input, end);
    if (end < input.length) this.#unfinished.append(input, end, input.length);
    return text === '' ? '' : this.#normalize(text);
  }

  /** The last line, when the body ended without a line end. It ends in `\n` too. */
  end(): string {
    const text = this.#normalize(this.#unfinished.take());
    return text === '' ? '' : `${text}\n`;
  }

  /** The index after the last line end. Looks at new bytes only, so that a line in many pieces costs linear time. */
  #endOfLines(input: Buffer): number {
    const last = input[input.length - 1];
    if (last === LF || (last === CR && this.#carriageReturn)) return input.length;
    const lineFeed = input.lastIndexOf(LF);
    return (this.#carriageReturn ? Math.max(lineFeed, input.lastIndexOf(CR)) : lineFeed) + 1;
  }

  #decode(input: Buffer, end: number): string {
    if (this.#unfinished.length === 0) return input.toString('utf8', 0, end);
    this.#unfinished.append(input, 0, end);
    return this.#unfinished.take();
  }

  #normalize(text: string): string {
    let lines = text;
    if (this.#atStart && text !== '') {
      this.#atStart = false;
      if (text.charCodeAt(0) === BOM) lines = text.slice(1);
    }
    return this.#carriageReturn && (this.#afterReturn || lines.includes('\r')) ? this.#foldReturns(lines) : lines;
  }

  /** A `\r` at the end of a push ends its line at once; a `\n` that begins the next one belongs to it. */
  #foldReturns(text: string): string {
    const lines = this.#afterReturn && text.startsWith('\n') ? text.slice(1) : text;
    this.#afterReturn = text.endsWith('\r');
    return lines.replaceAll('\r\n', '\n').replaceAll('\r', '\n');
  }

  /** Needed only when more bytes are at hand than one line may have. */
  #checkLines(input: Buffer): void {
    let size = this.#unfinished.length;
    for (const byte of input) {
      if (byte === LF || (byte === CR && this.#carriageReturn)) {
        this.#checkSize(size);
        size = 0;
      } else size += 1;
    }
    this.#checkSize(size);
  }

  #checkSize(size: number): void {
    if (size > this.#maxLineBytes) throw tooLong('line', size, this.#maxLineBytes, this.#details);
  }
}

const empty = Buffer.alloc(0);

/** A copy of bytes that arrive in pieces. Doubles, so that appending costs constant time on average. */
class GrowingBuffer {
  length = 0;
  #bytes = empty;

  append(source: Buffer, start: number, end: number): void {
    const length = this.length + end - start;
    if (length > this.#bytes.length) this.#grow(Math.max(length, 2 * this.#bytes.length));
    source.copy(this.#bytes, this.length, start, end);
    this.length = length;
  }

  /** The whole as text. Leaves nothing behind, since most lines come in one piece. */
  take(): string {
    const text = this.#bytes.toString('utf8', 0, this.length);
    this.#bytes = empty;
    this.length = 0;
    return text;
  }

  #grow(capacity: number): void {
    const bytes = Buffer.allocUnsafe(capacity);
    this.#bytes.copy(bytes, 0, 0, this.length);
    this.#bytes = bytes;
  }
}
