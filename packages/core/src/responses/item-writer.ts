import type { Annotation } from '../contract/chat-completion.ts';
import type {
  ResponsesAnnotation,
  ResponsesItemStatus,
  ResponsesKnownEvent,
  ResponsesOutputItem,
  ResponsesPart,
} from '../contract/responses.ts';
import type { AnswerBlock } from '../over-chat/block-sequence.ts';

type WithoutNumber<Event> = Event extends unknown ? Omit<Event, 'sequence_number'> : never;

/** An event that has not been counted. */
export type Step = WithoutNumber<ResponsesKnownEvent>;

/** Writes one block of an answer as an item of a response. */
export class ItemWriter {
  readonly #block: AnswerBlock;
  readonly #id: string;
  readonly #emit: (step: Step) => void;
  readonly #annotations: ResponsesAnnotation[] = [];
  #hasPart = false;

  constructor(block: AnswerBlock, responseId: string, emit: (step: Step) => void) {
    this.#block = block;
    this.#id = `${prefixes[block.kind]}_${responseId}_${block.index}`;
    this.#emit = emit;
    emit({ type: 'response.output_item.added', output_index: block.index, item: this.#item('in_progress') });
    if (block.kind === 'text' || block.kind === 'refusal') this.#addPart();
  }

  grow(delta: string): void {
    if (this.#block.kind === 'reasoning' && !this.#hasPart) this.#addPart();
    this.#emit(this.#growth(delta));
  }

  annotate(annotation: Annotation): void {
    const own = toAnnotation(annotation);
    const annotation_index = this.#annotations.push(own) - 1;
    this.#emit({ type: 'response.output_text.annotation.added', ...this.#inPart, annotation_index, annotation: own });
  }

  /** @returns the item as it is now */
  end(status: ResponsesItemStatus): ResponsesOutputItem {
    const { index, kind, text } = this.#block;
    if (kind !== 'reasoning' || this.#hasPart) this.#emit(this.#ending());
    if (this.#hasPart) this.#emit({ type: 'response.content_part.done', ...this.#inPart, part: this.#part(text) });
    const item = this.#item(status);
    this.#emit({ type: 'response.output_item.done', output_index: index, item });
    return item;
  }

  #growth(delta: string): Step {
    switch (this.#block.kind) {
      case 'text':
        return { type: 'response.output_text.delta', ...this.#inPart, delta, logprobs: [] };
      case 'refusal':
        return { type: 'response.refusal.delta', ...this.#inPart, delta };
      case 'reasoning':
        return { type: 'response.reasoning_text.delta', ...this.#inPart, delta };
      case 'function':
        return { type: 'response.function_call_arguments.delta', ...this.#inItem, delta };
      default:
        return { type: 'response.custom_tool_call_input.delta', ...this.#inItem, delta };
    }
  }

  #ending(): Step {
    const { kind, text, name } = this.#block;
    switch (kind) {
      case 'text':
        return { type: 'response.output_text.done', ...this.#inPart, text, logprobs: [] };
      case 'refusal':
        return { type: 'response.refusal.done', ...this.#inPart, refusal: text };
      case 'reasoning':
        return { type: 'response.reasoning_text.done', ...this.#inPart, text };
      case 'function':
        return { type: 'response.function_call_arguments.done', ...this.#inItem, name, arguments: orEmpty(text) };
      default:
        return { type: 'response.custom_tool_call_input.done', ...this.#inItem, input: text };
    }
  }

  get #inItem() {
    return { item_id: this.#id, output_index: this.#block.index };
  }

  get #inPart() {
    return { ...this.#inItem, content_index: 0 };
  }

  #addPart(): void {
    this.#hasPart = true;
    this.#emit({ type: 'response.content_part.added', ...this.#inPart, part: this.#part('') });
  }

  #part(text: string): ResponsesPart {
    switch (this.#block.kind) {
      case 'refusal':
        return { type: 'refusal', refusal: text };
      case 'reasoning':
        return { type: 'reasoning_text', text };
      default:
        return { type: 'output_text', text, annotations: [...this.#annotations], logprobs: [] };
    }
  }

  #item(status: ResponsesItemStatus): ResponsesOutputItem {
    const id = this.#id;
    const over = status !== 'in_progress';
    const { kind, text, id: call_id, name } = this.#block;
    switch (kind) {
      case 'function':
        return { type: 'function_call', id, call_id, name, arguments: over ? orEmpty(text) : '', status };
      case 'custom':
        return { type: 'custom_tool_call', id, call_id, name, input: text, status };
      case 'reasoning':
        return this.#reasoning(status);
      default: {
        const content = over ? [this.#part(text)] : [];
        return { type: 'message', id, role: 'assistant', status, content } as ResponsesOutputItem;
      }
    }
  }

  /** What its vendor wants back stands as JSON where the shape has something opaque. */
  #reasoning(status: ResponsesItemStatus): ResponsesOutputItem {
    const { text, detail } = this.#block;
    const over = status !== 'in_progress';
    const needed = over && (detail.type !== 'reasoning.text' || Object.keys(detail).length > 1);
    return {
      type: 'reasoning',
      id: this.#id,
      summary: [],
      content: over && text !== '' ? [{ type: 'reasoning_text', text }] : [],
      ...(needed && { encrypted_content: JSON.stringify(detail) }),
      status,
    };
  }
}

const prefixes: Record<AnswerBlock['kind'], string> = {
  reasoning: 'rs',
  text: 'msg',
  refusal: 'msg',
  function: 'fc',
  custom: 'ctc',
};

/** A tool without parameters is often called with no arguments at all, which is not JSON. */
function orEmpty(text: string): string {
  return text === '' ? '{}' : text;
}

/** Nested in chat, flat here. */
function toAnnotation({ type, ...fields }: Annotation): ResponsesAnnotation {
  return { type, ...((fields[type] as object | undefined) ?? fields) };
}
