import type { ErrorDetails } from '@anyllm/core/provider';
import { LineDecoder } from './line-decoder.ts';

const CR = 13;
const SPACE = 32;

/** `line` may share memory with the network read that it came in: parse it rather than keep it. */
export type NdjsonListener = (line: string) => void;

export interface NdjsonDecoderOptions {
  /** Bytes; a longer line ends in a `ResponseParseError`. Default 16 MiB. */
  maxLineBytes?: number | undefined;
  /** Goes onto the error. */
  details?: ErrorDetails | undefined;
}

/** Stateful, synchronous, one for each body. A decoder that threw is used up. */
export interface NdjsonDecoder {
  /** The bytes are only read during the call. */
  push(bytes: Uint8Array, emit: NdjsonListener): void;
  /** The body ended: emits the last line, if it has no line end. */
  end(emit: NdjsonListener): void;
}

/** Decodes newline-delimited JSON into its lines, unparsed. Blank lines are skipped and `\r\n` is tolerated. */
export function createNdjsonDecoder(options: NdjsonDecoderOptions = {}): NdjsonDecoder {
  const lines = new LineDecoder(options);
  return {
    push: (bytes, emit) => readLines(lines.push(bytes), emit),
    end: (emit) => readLines(lines.end(), emit),
  };
}

function readLines(text: string, emit: NdjsonListener): void {
  let start = 0;
  while (start < text.length) {
    const end = text.indexOf('\n', start);
    const line = text.slice(start, text.charCodeAt(end - 1) === CR ? end - 1 : end);
    if (line.charCodeAt(0) > SPACE || /[^ \t\r]/.test(line)) emit(line);
    start = end + 1;
  }
}
