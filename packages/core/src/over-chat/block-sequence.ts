import type { Annotation, ChunkDelta, CompletionMessage, ToolCallDelta } from '../contract/chat-completion.ts';
import type { ReasoningDetail } from '../contract/chat-request.ts';

/** A part of an answer that is of one kind. */
export interface AnswerBlock {
  /** Position in the answer, from 0 without gaps. */
  readonly index: number;
  readonly kind: 'reasoning' | 'text' | 'refusal' | 'function' | 'custom';
  /** What has come of it: text, or the arguments of a call. */
  text: string;
  /** Of a call; otherwise `""`. */
  readonly id: string;
  readonly name: string;
  /** Of reasoning: what belongs to it beside its text. */
  readonly detail: ReasoningDetail;
}

/** Is told of one block after another: each starts, grows and ends before the next one starts. */
export interface BlockListener {
  started(block: AnswerBlock): void;
  grew(block: AnswerBlock, text: string): void;
  annotated(block: AnswerBlock, annotation: Annotation): void;
  ended(block: AnswerBlock): void;
}

/** A block that has not ended. Of those behind the first, what comes is kept until it is their turn. */
interface OpenBlock {
  block: AnswerBlock;
  held: (string | Annotation)[];
  ended: boolean;
}

const plain: ReasoningDetail = { type: 'reasoning.text' };

/**
 * Cuts the deltas of one choice into blocks that do not overlap, for shapes of answers that are made of such. The
 * fragments of several tool calls may come mixed: then a call waits until the one before it is complete.
 */
export class BlockSequence {
  readonly #listener: BlockListener;
  readonly #open: OpenBlock[] = [];
  readonly #calls: OpenBlock[] = [];
  #count = 0;

  constructor(listener: BlockListener) {
    this.#listener = listener;
  }

  add({ reasoning, reasoning_details, content, refusal, annotations, tool_calls }: ChunkDelta): void {
    if (reasoning || reasoning_details) this.#addReasoning(reasoning, reasoning_details ?? []);
    if (content) this.#addText('text', content);
    if (refusal) this.#addText('refusal', refusal);
    for (const annotation of annotations ?? []) this.#annotate(annotation);
    for (const fragment of tool_calls ?? []) this.#addCall(fragment);
  }

  /** The answer is over, and so is every block. */
  end(): void {
    for (let first = this.#open[0]; first; first = this.#open[0]) this.#endFirst(first);
  }

  /** The details tell the same as the text of a delta, and more. */
  #addReasoning(text: string | null | undefined, details: readonly ReasoningDetail[]): void {
    if (text && !details.some(hasText)) this.#addThought({ ...plain, text });
    for (const detail of details) this.#addThought(detail);
  }

  #addThought(thought: ReasoningDetail): void {
    const { [textField(thought)]: text, ...detail } = thought;
    const last = this.#open.at(-1);
    const goesOn = last !== undefined && continues(last.block, detail);
    const open = goesOn ? last : this.#begin('reasoning', { detail });
    if (goesOn) Object.assign(open.block.detail, detail);
    this.#grow(open, typeof text === 'string' ? text : '');
  }

  #addText(kind: 'text' | 'refusal', text: string): void {
    this.#grow(this.#lastOf(kind), text);
  }

  #annotate(annotation: Annotation): void {
    const open = this.#lastOf('text');
    if (open === this.#open[0]) this.#listener.annotated(open.block, annotation);
    else open.held.push(annotation);
  }

  #lastOf(kind: 'text' | 'refusal'): OpenBlock {
    const last = this.#open.at(-1);
    return last?.block.kind === kind ? last : this.#begin(kind, {});
  }

  #addCall({ index, id = '', function: called, custom }: ToolCallDelta): void {
    const name = called?.name ?? custom?.name ?? '';
    this.#calls[index] ??= this.#begin(custom ? 'custom' : 'function', { id, name });
    this.#grow(this.#calls[index], called?.arguments ?? custom?.input ?? '');
  }

  #begin(kind: AnswerBlock['kind'], known: Partial<AnswerBlock>): OpenBlock {
    const nothing = { text: '', id: '', name: '', detail: { ...plain } };
    const block: AnswerBlock = { ...nothing, ...known, index: this.#count++, kind };
    const open: OpenBlock = { block, held: [], ended: false };
    this.#open.push(open);
    if (this.#open.length === 1) this.#listener.started(block);
    else this.#advance();
    return open;
  }

  #grow(open: OpenBlock, text: string): void {
    if (text === '' || open.ended) return;
    if (open !== this.#open[0]) {
      open.held.push(text);
      return;
    }
    this.#tell(open.block, text);
    if (this.#open.length > 1) this.#advance();
  }

  #tell(block: AnswerBlock, told: string | Annotation): void {
    if (typeof told === 'string') {
      block.text += told;
      this.#listener.grew(block, told);
    } else {
      this.#listener.annotated(block, told);
    }
  }

  /** Goes on to the next block, as long as the one before it may be over. */
  #advance(): void {
    for (let first = this.#open[0]; first && this.#open.length > 1 && mayEnd(first.block); first = this.#open[0]) {
      this.#endFirst(first);
    }
  }

  #endFirst(first: OpenBlock): void {
    first.ended = true;
    this.#listener.ended(first.block);
    this.#open.shift();
    const next = this.#open[0];
    if (!next) return;
    this.#listener.started(next.block);
    for (const told of next.held.splice(0)) this.#tell(next.block, told);
  }
}

/** A whole message as the one delta that it would be. */
export function toDelta({ tool_calls, ...message }: CompletionMessage): ChunkDelta {
  return { ...message, ...(tool_calls && { tool_calls: tool_calls.map((call, index) => ({ ...call, index })) }) };
}

/** The JSON object that a text is; `undefined` when it is none. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** Of a call, more may come until its arguments are an object; after an empty one too, with which some servers begin. */
function mayEnd({ kind, text }: AnswerBlock): boolean {
  return kind !== 'function' || Object.keys(parseObject(text) ?? {}).length > 0;
}

/** Pieces of one text belong together until a signature closes it. What is encrypted comes whole. */
function continues({ kind, detail: known }: AnswerBlock, detail: ReasoningDetail): boolean {
  if (kind !== 'reasoning' || known.signature !== undefined) return false;
  if (known.data !== undefined || detail.data !== undefined) return false;
  return known.type === detail.type && known.index === detail.index;
}

/** Where a detail of reasoning has its text. */
export function textField({ type }: ReasoningDetail): 'text' | 'summary' {
  return type === 'reasoning.summary' ? 'summary' : 'text';
}

function hasText(detail: ReasoningDetail): boolean {
  return typeof detail[textField(detail)] === 'string';
}
