import type { ErrorDetails } from '@anyllm/core/provider';
import { LineDecoder } from './line-decoder.ts';
import { tooLong } from './too-long.ts';

const LF = 10;
const SPACE = 32;
const DEFAULT_MAX_EVENT_BYTES = 16 * 1024 * 1024;

/**
 * Called for each event that has data. `event` is its name, `undefined` when the server gave none. `data` may share
 * memory with the network read that it came in: parse it rather than keep it.
 */
export type SseListener = (data: string, event: string | undefined) => void;

export interface SseDecoderOptions {
  /** Bytes in a line, and in all data lines of one event. More ends in a `ResponseParseError`. Default 16 MiB. */
  maxEventBytes?: number | undefined;
  /** Goes onto the error. */
  details?: ErrorDetails | undefined;
}

/** Stateful, synchronous, one for each body. A decoder that threw is used up. */
export interface SseDecoder {
  /** The bytes are only read during the call. */
  push(bytes: Uint8Array, emit: SseListener): void;
  /** The body ended: emits the event that lacks its blank line, if there is one. */
  end(emit: SseListener): void;
}

/**
 * Decodes server-sent events as the HTML standard describes them (https://html.spec.whatwg.org/multipage/server-sent-events.html,
 * section 9.2.6), with three liberties for the servers there are: an event needs no blank line at the end of the body;
 * blank data, which some use as a keep-alive, is no event; and a field `error: …`, which older llama.cpp
 * servers send, is the data of an event of that name. `id` and `retry` are ignored, since a POST is not resumed.
 */
export function createSseDecoder(options: SseDecoderOptions = {}): SseDecoder {
  return new EventDecoder(options);
}

class EventDecoder implements SseDecoder {
  readonly #lines: LineDecoder;
  readonly #maxEventBytes: number;
  readonly #details: ErrorDetails | undefined;
  #event: string | undefined;
  #data: string | undefined;
  #dataBytes = 0;

  constructor({ maxEventBytes = DEFAULT_MAX_EVENT_BYTES, details }: SseDecoderOptions) {
    this.#lines = new LineDecoder({ maxLineBytes: maxEventBytes, carriageReturn: true, details });
    this.#maxEventBytes = maxEventBytes;
    this.#details = details;
  }

  push(bytes: Uint8Array, emit: SseListener): void {
    this.#readLines(this.#lines.push(bytes), emit);
  }

  end(emit: SseListener): void {
    this.#readLines(this.#lines.end(), emit);
    this.#dispatch(emit);
  }

  #readLines(text: string, emit: SseListener): void {
    let start = 0;
    while (start < text.length) {
      const end = text.indexOf('\n', start);
      if (this.#event === undefined && this.#data === undefined && isWholeEvent(text, start, end)) {
        emit(text.slice(start + 6, end), undefined);
        start = end + 2;
      } else {
        this.#readLine(text.slice(start, end), emit);
        start = end + 1;
      }
    }
  }

  #readLine(line: string, emit: SseListener): void {
    if (line === '') this.#dispatch(emit);
    else {
      const colon = line.indexOf(':');
      const end = colon < 0 ? line.length : colon;
      const space = line.charCodeAt(end + 1) === SPACE ? 1 : 0;
      this.#readField(line.slice(0, end), line.slice(end + 1 + space));
    }
  }

  #readField(name: string, value: string): void {
    if (name === 'data') this.#append(value);
    else if (name === 'event') this.#event = value === '' ? undefined : value;
    else if (name === 'error') {
      this.#event = name;
      this.#append(value);
    }
  }

  #append(value: string): void {
    // `data:` is counted in, so that very many empty lines are noticed too.
    this.#dataBytes += Buffer.byteLength(value) + 5;
    if (this.#data === undefined) {
      this.#data = value;
    } else {
      this.#data += `\n${value}`;
      this.#checkSize();
    }
  }

  #checkSize(): void {
    if (this.#dataBytes > this.#maxEventBytes) {
      throw tooLong('event', this.#dataBytes, this.#maxEventBytes, this.#details);
    }
  }

  #dispatch(emit: SseListener): void {
    const data = this.#data;
    const event = this.#event;
    this.#data = undefined;
    this.#event = undefined;
    this.#dataBytes = 0;
    if (data !== undefined && /[^ \t\n]/.test(data)) emit(data, event);
  }
}

/** `data: x` and a blank line after it: what nearly every event of a completion looks like. */
function isWholeEvent(text: string, start: number, end: number): boolean {
  return text.charCodeAt(end + 1) === LF && text.startsWith('data: ', start) && text.charCodeAt(start + 6) > SPACE;
}
