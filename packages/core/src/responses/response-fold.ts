import type {
  ProviderResponse,
  ResponsesEvent,
  ResponsesKnownEvent,
  ResponsesOutputItem,
  ResponsesPart,
} from '../contract/responses.ts';
import { GrowingItem } from './growing-item.ts';
import { isEnd } from './response-translator.ts';

type InItem = Extract<ResponsesKnownEvent, { item_id: string }>;

/** For servers that leave out the event with which a response begins. */
const nothing: ProviderResponse = {
  id: '',
  object: 'response',
  created_at: 0,
  status: 'in_progress',
  error: null,
  incomplete_details: null,
  model: '',
  output: [],
};

const emptyText: ResponsesPart = { type: 'output_text', text: '', annotations: [] };
const emptyRefusal: ResponsesPart = { type: 'refusal', refusal: '' };
const emptyReasoning: ResponsesPart = { type: 'reasoning_text', text: '' };

/** Adds up the events of a response, of which the last one brings the whole. */
export class ResponseFold {
  #begun = nothing;
  #whole: ProviderResponse | undefined;
  /** By `output_index`. One that is over stands as it came. */
  readonly #items = new Map<number, GrowingItem | { soFar: ResponsesOutputItem }>();

  add(event: ResponsesEvent): void {
    if (isEnd(event)) this.#whole = event.response;
    else this.#step(event as ResponsesKnownEvent);
  }

  /** The response as far as it has come: before its end it is `incomplete`. */
  result(): ProviderResponse {
    if (this.#whole) return this.#whole;
    return { ...this.#begun, status: 'incomplete', output: [...this.#items.values()].map(({ soFar }) => soFar) };
  }

  #step(event: ResponsesKnownEvent): void {
    switch (event.type) {
      case 'response.created':
      case 'response.queued':
      case 'response.in_progress':
        this.#begun = { ...nothing, ...event.response };
        break;
      case 'response.output_item.added':
        this.#items.set(event.output_index, new GrowingItem(event.item));
        break;
      case 'response.output_item.done':
        this.#items.set(event.output_index, { soFar: event.item });
        break;
      case 'response.output_text.delta':
        this.#item(event).addToPart(event.content_index, event.delta, emptyText);
        break;
      case 'response.output_text.annotation.added':
        this.#item(event).annotate(event.content_index, event.annotation);
        break;
      case 'response.refusal.delta':
        this.#item(event).addToPart(event.content_index, event.delta, emptyRefusal);
        break;
      case 'response.reasoning_text.delta':
        this.#item(event).addToPart(event.content_index, event.delta, emptyReasoning);
        break;
      case 'response.reasoning_summary_text.delta':
        this.#item(event).addSummary(event.summary_index, event.delta);
        break;
      case 'response.function_call_arguments.delta':
      case 'response.custom_tool_call_input.delta':
        this.#item(event).addText(event.delta);
        break;
      default: // says again what has been said, or is about the vendor's own tools
    }
  }

  /** Some servers write items that they have not announced: text is then taken for that of a message. */
  #item({ output_index, item_id: id }: InItem): GrowingItem {
    const known = this.#items.get(output_index);
    if (known instanceof GrowingItem) return known;
    const begun = new GrowingItem({ type: 'message', id, role: 'assistant', status: 'in_progress', content: [] });
    this.#items.set(output_index, begun);
    return begun;
  }
}
