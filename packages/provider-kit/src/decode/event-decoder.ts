import { ResponseParseError } from '@anyllm/core/provider';
import { errorFromEvent } from '../errors/map-error.ts';
import { describeBody } from '../http/describe-body.ts';
import { maxBodyBytes } from '../http/request-bytes.ts';
import type { StreamDecoder } from '../http/request-stream.ts';
import { joinBytes } from './join-bytes.ts';
import { parseJson } from './parse-json.ts';
import { createSseDecoder, type SseDecoder } from './sse-decoder.ts';

/** An object of JSON as a server sent it: any field may be missing or of any type. */
type Fields = Record<string, unknown>;

/** What the events of a stream mean. One for each stream, so that it may remember. */
export interface EventReader<Event> {
  /** @param wire its `type` is the name of the event where it has none itself. `undefined`: nothing of interest */
  read(wire: Fields & { type: string }): Event | readonly Event[] | undefined;
  isEnd(event: Event): boolean;
  /** The events that a whole answer stands for, from a server that does not stream. `undefined`: it is no answer. */
  readWhole(wire: Fields): readonly Event[] | undefined;
  /** As `readWhole`, of plain text, where the server says that it is that. Absent: text is no answer. */
  readText?(text: string): readonly Event[];
}

/** Whose stream it is, for errors, and how to read them. */
export interface EventContext {
  provider: string;
  model: string;
  status?: number | undefined;
  requestId: string | undefined;
  /** Is cut out of everything that the vendor says. */
  apiKey: string | undefined;
  /** Of the answer. */
  contentType?: string | undefined;
  mapError?: ((wire: Fields) => object | undefined) | undefined;
}

/** A picture in base64 is one event. */
const maxEventBytes = 64 * 1024 * 1024;

/**
 * Decodes server-sent events each of which is a JSON object. Their first byte tells them from the one body of a server
 * that does not stream or has failed; the content type is wrong at times. A failure that is reported is thrown.
 */
export function createEventDecoder<Event extends object>(
  context: EventContext,
  reader: EventReader<Event>,
): StreamDecoder<Event> {
  return new EventDecoder(context, reader);
}

class EventDecoder<Event extends object> implements StreamDecoder<Event> {
  done = false;
  readonly #context: EventContext;
  readonly #reader: EventReader<Event>;
  readonly #events: SseDecoder;
  readonly #isText: boolean;
  #out: Event[] = [];
  #body: Uint8Array[] | undefined;
  #bodyBytes = 0;
  #bodyEnded = false;
  #begun = false;

  constructor(context: EventContext, reader: EventReader<Event>) {
    const { provider, model, requestId, contentType = '' } = context;
    this.#context = context;
    this.#reader = reader;
    this.#events = createSseDecoder({ maxEventBytes, details: { provider, model, requestId } });
    this.#isText = reader.readText !== undefined && isPlainText(contentType);
    if (this.#isText) this.#body = [];
  }

  push(bytes: Uint8Array, out: Event[]): void {
    this.#out = out;
    this.#begin(bytes);
    if (this.#body) this.#keep(this.#body, bytes);
    else this.#events.push(bytes, this.#onEvent);
  }

  end(out: Event[]): void {
    this.#out = out;
    this.#bodyEnded = true;
    if (this.#body) this.#readBody(joinBytes(this.#body).toString());
    else this.#events.end(this.#onEvent);
  }

  /** Blanks before the first byte, sent while the model is loading, mean nothing to either. */
  #begin(bytes: Uint8Array): void {
    const first = this.#begun ? undefined : bytes.find((byte) => !blanks.has(byte));
    if (first === undefined) return;
    this.#begun = true;
    if (bodyStarts.has(first)) this.#body ??= [];
  }

  #keep(body: Uint8Array[], bytes: Uint8Array): void {
    body.push(bytes);
    this.#bodyBytes += bytes.length;
    if (this.#bodyBytes > maxBodyBytes) throw this.#unreadable(`is larger than ${maxBodyBytes} bytes`);
  }

  readonly #onEvent = (data: string, name: string | undefined): void => {
    if (this.done || isDone(data)) return;
    const wire = toFields(parseJson(data));
    if (!wire) this.#malformed(data, name);
    else this.#read({ ...wire, type: typeof wire.type === 'string' ? wire.type : (name ?? '') });
  };

  #read(wire: Fields & { type: string }): void {
    this.#throwFailure(wire);
    const read = this.#reader.read(wire);
    if (read === undefined) return;
    for (const event of [read].flat() as Event[]) {
      this.#out.push(event);
      this.done ||= this.#reader.isEnd(event);
    }
  }

  #readBody(text: string): void {
    const events = this.#isText ? this.#reader.readText?.(text) : this.#readWhole(text);
    if (events) this.#out.push(...events);
  }

  #readWhole(text: string): readonly Event[] {
    const wire = toFields(parseJson(text));
    if (wire) this.#throwFailure(wire);
    const events = wire && this.#reader.readWhole(wire);
    if (events) return events;
    throw this.#unreadable(`is not a stream of events (${wire ? 'other JSON' : describeBody(text)})`);
  }

  #throwFailure(wire: Fields): void {
    const isFailure = wire.error || wire.object === 'error' || wire.type === 'error';
    const body = this.#context.mapError?.(wire) ?? (isFailure ? wire : undefined);
    if (body) throw this.#failure(body);
  }

  #failure(body: unknown): Error {
    const { provider, model, requestId, apiKey } = this.#context;
    return errorFromEvent({ provider, model, body, requestId, apiKey });
  }

  /** At the end of the body it is an event cut in two: the stream is incomplete, as core will say. */
  #malformed(data: string, name: string | undefined): void {
    if (name === 'error') throw this.#failure(data);
    if (!this.#bodyEnded) throw this.#unreadable(`holds an event that is not JSON (${describeBody(data)})`);
  }

  #unreadable(how: string): ResponseParseError {
    const { provider, model, status, requestId } = this.#context;
    const details = { provider, model, status, requestId, retryable: true };
    return new ResponseParseError(`${provider}: the answer ${how}`, details);
  }
}

/** Of subtitles too. Web pages are never an answer. */
export function isPlainText(contentType: string): boolean {
  return /^text\/(?!event-stream|html)|subrip/i.test(contentType);
}

const blanks = new Set(Buffer.from(' \t\r\n'));
const bodyStarts = new Set(Buffer.from('{[<'));

function isDone(data: string): boolean {
  return data.length < 16 && data.trim() === '[DONE]';
}

function toFields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}
