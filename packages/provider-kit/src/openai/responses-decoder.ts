import type { ProviderResponse, ResponsesEvent, ResponsesOutputItem } from '@anyllm/core/provider';
import { createSseDecoder, type SseDecoder } from '../decode/sse-decoder.ts';
import { describeBody } from '../http/describe-body.ts';
import type { StreamDecoder } from '../http/request-stream.ts';
import { failure, type ResponsesContext, toProviderResponse, unreadableResponse } from './to-provider-response.ts';
import { type Fields, fieldsOf, textOf } from './wire-fields.ts';

/** An answer larger than this is not read. */
const maxBodyBytes = 256 * 1024 * 1024;

const ends = new Set(['response.completed', 'response.incomplete']);

/**
 * Decodes the events of a streamed response, those of types that we do not know included. A failure that the server
 * reports is thrown, whatever its form; a whole response, from a server that does not stream, is its last event.
 */
export function createResponsesDecoder(context: ResponsesContext): StreamDecoder<ResponsesEvent> {
  return new ResponsesDecoder(context);
}

class ResponsesDecoder implements StreamDecoder<ResponsesEvent> {
  done = false;
  readonly #context: ResponsesContext;
  readonly #events: SseDecoder;
  /** By `output_index`, since some proxies name an item anew with each event. */
  readonly #items = new Map<unknown, ResponsesOutputItem>();
  #out: ResponsesEvent[] = [];
  /** The one body of a server that does not stream, or has failed. */
  #body: Uint8Array[] | undefined;
  #bodyBytes = 0;
  #begun = false;
  #bodyEnded = false;
  #count = 0;

  constructor(context: ResponsesContext) {
    const { provider, model, requestId } = context;
    this.#context = context;
    this.#events = createSseDecoder({ details: { provider, model, requestId } });
  }

  push(bytes: Uint8Array, out: ResponsesEvent[]): void {
    this.#out = out;
    this.#begin(bytes);
    if (this.#body) this.#keep(this.#body, bytes);
    else this.#events.push(bytes, this.#onEvent);
  }

  end(out: ResponsesEvent[]): void {
    this.#out = out;
    this.#bodyEnded = true;
    if (this.#body) this.#readBody(Buffer.concat(this.#body).toString());
    else this.#events.end(this.#onEvent);
  }

  /** The first byte tells; the content type is wrong at times. */
  #begin(bytes: Uint8Array): void {
    const first = bytes.find((byte) => !blanks.has(byte));
    if (this.#begun || first === undefined) return;
    this.#begun = true;
    if (bodyStarts.has(first)) this.#body = [];
  }

  #keep(body: Uint8Array[], bytes: Uint8Array): void {
    body.push(bytes);
    this.#bodyBytes += bytes.length;
    if (this.#bodyBytes > maxBodyBytes) throw unreadableResponse(`is larger than ${maxBodyBytes} bytes`, this.#context);
  }

  readonly #onEvent = (data: string, name: string | undefined): void => {
    if (this.done || data.trim() === '[DONE]') return;
    const wire = fieldsOf(parseJson(data));
    if (!wire) this.#malformed(data, name);
    else this.#read({ ...wire, type: textOf(wire.type) || (wire.error ? 'error' : (name ?? '')) });
  };

  #read(wire: Fields & { type: string }): void {
    const { type } = wire;
    if (type === 'keepalive') return;
    if (type === 'error') throw failure(wire, this.#context);
    const response = fieldsOf(wire.response);
    if (type === 'response.failed') throw failure(response ?? wire, this.#context);
    if (type === 'response.output_item.done') this.#items.set(wire.output_index, wire.item as ResponsesOutputItem);
    this.#count++;
    if (ends.has(type)) this.#finish(type, wire, response);
    else this.#out.push(wire as unknown as ResponsesEvent);
  }

  #finish(type: string, wire: Fields, response: Fields | undefined): void {
    this.done = true;
    const whole = toProviderResponse({ output: [], ...response }, this.#context);
    this.#emitEnd(type, wire, this.#withItems(whole));
  }

  /** Some compatible servers leave the output of the last event empty. */
  #withItems(response: ProviderResponse): ProviderResponse {
    return response.output.length > 0 ? response : { ...response, output: [...this.#items.values()] };
  }

  #readBody(text: string): void {
    const json = parseJson(text);
    if (json === undefined)
      throw unreadableResponse(`is not a stream of events (${describeBody(text)})`, this.#context);
    const response = toProviderResponse(json, this.#context);
    this.#emitEnd(response.status === 'incomplete' ? 'response.incomplete' : 'response.completed', {}, response);
  }

  #emitEnd(type: string, wire: Fields, response: ProviderResponse): void {
    const event = { sequence_number: this.#count, ...wire, type, response };
    this.#out.push(event as unknown as ResponsesEvent);
  }

  /** At the end of the body it is an event cut in two: the stream is incomplete, as core will say. */
  #malformed(data: string, name: string | undefined): void {
    if (name === 'error') throw failure({ error: { message: data } }, this.#context);
    if (this.#bodyEnded) return;
    throw unreadableResponse(`holds an event that is not JSON (${describeBody(data)})`, this.#context);
  }
}

const blanks = new Set(Buffer.from(' \t\r\n'));
const bodyStarts = new Set(Buffer.from('{[<'));

/** `undefined` for what is not JSON, which JSON itself cannot be. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
