import type { ProviderResponse, ResponsesEvent, ResponsesOutputItem } from '@anyllm/core/provider';
import { createEventDecoder, type EventReader } from '../decode/event-decoder.ts';
import type { StreamDecoder } from '../http/request-stream.ts';
import {
  failure,
  type ResponsesContext,
  toItem,
  toProviderResponse,
  unreadableResponse,
} from './to-provider-response.ts';
import { type Fields, fieldsOf } from './wire-fields.ts';

const ends = new Set(['response.completed', 'response.incomplete']);
const itemEvents = new Set(['response.output_item.added', 'response.output_item.done']);
const deltas = new Set([
  'response.custom_tool_call_input.delta',
  'response.function_call_arguments.delta',
  'response.output_text.delta',
  'response.reasoning_summary_text.delta',
  'response.reasoning_text.delta',
  'response.refusal.delta',
]);

/**
 * Decodes the events of a streamed response, those of types that we do not know included. A failure that the server
 * reports is thrown, whatever its form; a whole response, from a server that does not stream, is its last event.
 */
export function createResponsesDecoder(context: ResponsesContext): StreamDecoder<ResponsesEvent> {
  return createEventDecoder(context, new ResponsesReader(context));
}

class ResponsesReader implements EventReader<ResponsesEvent> {
  readonly #context: ResponsesContext;
  /** By `output_index`, since some proxies name an item anew with each event. */
  readonly #items = new Map<unknown, ResponsesOutputItem>();
  #count = 0;

  constructor(context: ResponsesContext) {
    this.#context = context;
  }

  read(wire: Fields & { type: string }): ResponsesEvent | undefined {
    const { type } = wire;
    if (type === 'keepalive') return undefined;
    const response = fieldsOf(wire.response);
    if (type === 'response.failed') throw failure(response ?? wire, this.#context);
    this.#count++;
    return ends.has(type) ? this.#toEnd(type, wire, response) : this.#toEvent(wire);
  }

  isEnd({ type }: ResponsesEvent): boolean {
    return ends.has(type);
  }

  readWhole(wire: Fields): ResponsesEvent[] {
    const response = toProviderResponse(wire, this.#context);
    const type = response.status === 'incomplete' ? 'response.incomplete' : 'response.completed';
    return [this.#withCount({ type, response })];
  }

  #toEvent(wire: Fields & { type: string }): ResponsesEvent {
    const { type, output_index, delta } = wire;
    if (deltas.has(type) && typeof delta !== 'string')
      throw unreadableResponse('holds a piece of no text', this.#context);
    if (!itemEvents.has(type)) return wire as unknown as ResponsesEvent;
    const item = toItem(wire.item, this.#context);
    if (type === 'response.output_item.done') this.#items.set(output_index, item);
    return { ...wire, item } as unknown as ResponsesEvent;
  }

  #toEnd(type: string, wire: Fields, response: Fields | undefined): ResponsesEvent {
    const whole = toProviderResponse({ output: [], ...response }, this.#context);
    return this.#withCount({ ...wire, type, response: this.#withItems(whole) });
  }

  /** Some compatible servers leave the output of the last event empty. */
  #withItems(response: ProviderResponse): ProviderResponse {
    return response.output.length > 0 ? response : { ...response, output: [...this.#items.values()] };
  }

  #withCount(event: Fields): ResponsesEvent {
    return { sequence_number: this.#count, ...event } as unknown as ResponsesEvent;
  }
}
