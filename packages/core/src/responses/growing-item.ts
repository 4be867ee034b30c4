import type {
  ResponsesAnnotation,
  ResponsesMessage,
  ResponsesOutputItem,
  ResponsesPart,
  ResponsesReasoning,
} from '../contract/responses.ts';

/** An item of a response of which not all has come. */
export class GrowingItem {
  readonly #begun: ResponsesOutputItem;
  /** Of a message or of reasoning, by `content_index`. */
  readonly #parts = new Map<number, ResponsesPart>();
  /** Of reasoning, by `summary_index`. */
  readonly #summary = new Map<number, string>();
  /** The arguments or the input of a call. */
  #text = '';

  /** @param begun as it was announced, before anything has come of it */
  constructor(begun: ResponsesOutputItem) {
    this.#begun = begun;
  }

  addText(delta: string): void {
    this.#text += delta;
  }

  addSummary(at: number, delta: string): void {
    this.#summary.set(at, (this.#summary.get(at) ?? '') + delta);
  }

  /** @param empty the part, if it has not begun */
  addToPart(at: number, delta: string, empty: ResponsesPart): void {
    const part = this.#parts.get(at) ?? empty;
    const grown =
      part.type === 'refusal' ? { ...part, refusal: part.refusal + delta } : { ...part, text: part.text + delta };
    this.#parts.set(at, grown);
  }

  annotate(at: number, annotation: ResponsesAnnotation): void {
    const part = this.#parts.get(at);
    if (part?.type === 'output_text') {
      this.#parts.set(at, { ...part, annotations: [...part.annotations, annotation] });
    }
  }

  /** As much as has come, which is `incomplete`. */
  get soFar(): ResponsesOutputItem {
    const item = { ...this.#begun, status: 'incomplete' as const };
    const parts = [...this.#parts.values()];
    switch (item.type) {
      case 'message':
        return { ...item, content: parts as ResponsesMessage['content'] };
      case 'reasoning': {
        const summary = [...this.#summary.values()].map((text) => ({ type: 'summary_text' as const, text }));
        return { ...item, summary, content: parts as NonNullable<ResponsesReasoning['content']> };
      }
      case 'function_call':
        return { ...item, arguments: this.#text };
      case 'custom_tool_call':
        return { ...item, input: this.#text };
      default:
        return item;
    }
  }
}
