import type { ProviderContext, ResponseParseError } from '@anyllm/core/provider';
import { joinBytes } from '../decode/join-bytes.ts';
import { parseJson } from '../decode/parse-json.ts';
import { createSseDecoder, type SseDecoder } from '../decode/sse-decoder.ts';
import { errorFromEvent } from '../errors/map-error.ts';
import { describeBody } from './describe-body.ts';
import type { WireRequest, WireResponse } from './exchange.ts';
import { maxBodyBytes, unreadable } from './request-bytes.ts';
import { requestStream, type StreamDecoder } from './request-stream.ts';

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

/** A picture in base64 is one event. */
const maxEventBytes = 64 * 1024 * 1024;

/**
 * Sends a request and yields what the server-sent events of its answer mean, each of which is a JSON object, or what a
 * whole answer means that came in their place.
 * @throws AnyLLMError of the class that fits, also for an error that the stream reports; the signal's reason
 */
export function requestEvents<Event extends object>(
  request: WireRequest,
  context: ProviderContext,
  reader: EventReader<Event>,
): AsyncIterableIterator<readonly Event[]> {
  return requestStream(request, context, (response) => createEventDecoder({ request, response, context }, reader));
}

interface EventExchange {
  request: WireRequest;
  response: WireResponse;
  context: Pick<ProviderContext, 'apiKey'>;
}

/** The first byte tells events from the one body of a server that does not stream, or has failed. */
export function createEventDecoder<Event extends object>(
  exchange: EventExchange,
  reader: EventReader<Event>,
): StreamDecoder<Event> {
  return new EventDecoder(exchange, reader);
}

class EventDecoder<Event extends object> implements StreamDecoder<Event> {
  done = false;
  readonly #exchange: EventExchange;
  readonly #reader: EventReader<Event>;
  readonly #events: SseDecoder;
  #out: Event[] = [];
  #body: Uint8Array[] | undefined;
  #bodyBytes = 0;
  #bodyEnded = false;
  #begun = false;

  constructor(exchange: EventExchange, reader: EventReader<Event>) {
    const { provider, model } = exchange.request;
    this.#exchange = exchange;
    this.#reader = reader;
    this.#events = createSseDecoder({
      maxEventBytes,
      details: { provider, model, requestId: exchange.response.requestId },
    });
    if (this.#isText()) this.#body = [];
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

  #isText(): boolean {
    const type = String(this.#exchange.response.headers['content-type'] ?? '');
    return this.#reader.readText !== undefined && /^text\/(?!event-stream|html)|subrip/i.test(type);
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
    this.#throwFailure(wire, wire.type);
    const read = this.#reader.read(wire);
    if (read === undefined) return;
    for (const event of [read].flat() as Event[]) {
      this.#out.push(event);
      this.done ||= this.#reader.isEnd(event);
    }
  }

  #readBody(text: string): void {
    if (this.#isText()) {
      this.#out.push(...(this.#reader.readText?.(text) ?? []));
      return;
    }
    const wire = toFields(parseJson(text));
    if (wire) this.#throwFailure(wire, '');
    const events = wire && this.#reader.readWhole(wire);
    if (!events) throw this.#unreadable(`is not a stream of events (${wire ? 'other JSON' : describeBody(text)})`);
    this.#out.push(...events);
  }

  #throwFailure(wire: Fields, type: string): void {
    const { mapError } = this.#exchange.request;
    const failure = mapError?.(wire) ?? (wire.error || wire.object === 'error' || type === 'error' ? wire : undefined);
    if (failure) throw this.#failure(failure);
  }

  #failure(body: unknown): Error {
    const { request, response, context } = this.#exchange;
    const { provider, model } = request;
    return errorFromEvent({ provider, model, body, requestId: response.requestId, apiKey: context.apiKey });
  }

  /** At the end of the body it is an event cut in two: the stream is incomplete, as core will say. */
  #malformed(data: string, name: string | undefined): void {
    if (name === 'error') throw this.#failure(data);
    if (!this.#bodyEnded) throw this.#unreadable(`holds an event that is not JSON (${describeBody(data)})`);
  }

  #unreadable(how: string): ResponseParseError {
    return unreadable(this.#exchange.request, how, this.#exchange.response);
  }
}

const blanks = new Set(Buffer.from(' \t\r\n'));
const bodyStarts = new Set(Buffer.from('{[<'));

function isDone(data: string): boolean {
  return data.length < 16 && data.trim() === '[DONE]';
}

function toFields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}
