import type { Warning } from '../contract/call-meta.ts';
import type { Annotation, ChatCompletionChunk, ChunkChoice, FinishReason, Usage } from '../contract/chat-completion.ts';
import type {
  MessagesAnswer,
  MessagesAnswerBlock,
  MessagesCitation,
  MessagesDelta,
  MessagesEvent,
  MessagesStopReason,
} from '../contract/messages.ts';
import { type AnswerBlock, type BlockListener, BlockSequence, parseObject } from '../over-chat/block-sequence.ts';
import type { AnswerTranslator } from '../over-chat/translate-stream.ts';
import { toMessagesUsage } from './usage.ts';

/** Turns the chunks of an answer into the events of a message. */
export class MessageTranslator implements AnswerTranslator<MessagesEvent>, BlockListener {
  readonly #model: string;
  readonly #warn: (warning: Warning) => void;
  readonly #blocks = new BlockSequence(this);
  #events: MessagesEvent[] = [];
  #started = false;
  #empty = true;
  #finish: Pick<ChunkChoice, 'finish_reason' | 'raw_finish_reason'> | undefined;
  #refusal: string | undefined;
  #usage: Usage | undefined;

  /** @param model of answers that do not name theirs */
  constructor(model: string, warn: (warning: Warning) => void) {
    this.#model = model;
    this.#warn = warn;
  }

  add(chunk: ChatCompletionChunk): void {
    if (!this.#started) this.#start(chunk);
    if (chunk.usage) this.#usage = chunk.usage;
    for (const choice of chunk.choices) {
      if (choice.index !== 0) continue;
      this.#blocks.add(choice.delta);
      if (choice.finish_reason) this.#finish = choice;
    }
  }

  end(): void {
    if (!this.#finish) return;
    this.#blocks.end();
    if (this.#empty) this.#block(0, { type: 'text', text: '' }); // whoever reads expects one
    if (this.#empty) this.#events.push({ type: 'content_block_stop', index: 0 });
    const stop_reason = toStopReason(this.#finish, this.#refusal);
    const stop_details =
      stop_reason === 'refusal'
        ? ({ type: 'refusal', category: null, explanation: this.#refusal ?? null } as const)
        : null;
    const delta = { stop_reason, stop_sequence: null, stop_details };
    this.#events.push({ type: 'message_delta', delta, usage: toMessagesUsage(this.#usage) }, { type: 'message_stop' });
  }

  take(): MessagesEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  started(block: AnswerBlock): void {
    this.#empty = false;
    this.#block(block.index, toStart(block));
  }

  grew(block: AnswerBlock, text: string): void {
    this.#delta(block, toDelta(block, text));
  }

  annotated(block: AnswerBlock, annotation: Annotation): void {
    this.#delta(block, { type: 'citations_delta', citation: toCitation(annotation) });
  }

  ended(block: AnswerBlock): void {
    const { index, kind, text, detail } = block;
    if (kind === 'refusal') this.#refusal = text;
    if (kind === 'reasoning' && detail.signature && detail.data === undefined) {
      this.#delta(block, { type: 'signature_delta', signature: detail.signature });
    }
    if (kind === 'function' && text !== '' && !parseObject(text)) this.#warn(noObject(block));
    this.#events.push({ type: 'content_block_stop', index });
  }

  #start({ id, model }: ChatCompletionChunk): void {
    this.#started = true;
    const head = { id, type: 'message', role: 'assistant', model: model || this.#model } as const;
    const message: MessagesAnswer = {
      ...head,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: toMessagesUsage(undefined),
    };
    this.#events.push({ type: 'message_start', message });
  }

  #block(index: number, content_block: MessagesAnswerBlock): void {
    this.#events.push({ type: 'content_block_start', index, content_block });
  }

  #delta({ index }: AnswerBlock, delta: MessagesDelta): void {
    this.#events.push({ type: 'content_block_delta', index, delta });
  }
}

function toStart({ kind, id, name, detail }: AnswerBlock): MessagesAnswerBlock {
  switch (kind) {
    case 'reasoning':
      return toThinkingStart(detail);
    case 'function':
    case 'custom':
      return { type: 'tool_use', id, name, input: {} };
    default:
      return { type: 'text', text: '' };
  }
}

function toThinkingStart({ signature: _, data, ...detail }: AnswerBlock['detail']): MessagesAnswerBlock {
  const plain = data === undefined ? 'reasoning.text' : 'reasoning.encrypted';
  const more = detail.type !== plain || Object.keys(detail).length > 1;
  const own = more ? { reasoning_detail: detail } : {};
  if (data !== undefined) return { type: 'redacted_thinking', data: String(data), ...own };
  return { type: 'thinking', thinking: '', signature: '', ...own };
}

function toDelta({ kind }: AnswerBlock, text: string): MessagesDelta {
  switch (kind) {
    case 'reasoning':
      return { type: 'thinking_delta', thinking: text };
    case 'function':
    case 'custom':
      return { type: 'input_json_delta', partial_json: text };
    default:
      return { type: 'text_delta', text };
  }
}

/** A search result that the text draws on; where in the text is not told here. */
function toCitation(annotation: Annotation): MessagesCitation {
  const cited = annotation.url_citation as { url?: string; title?: string } | undefined;
  if (!cited) return annotation;
  const { url, title = null } = cited;
  return { type: 'web_search_result_location', url, title, cited_text: '', encrypted_index: '' };
}

function noObject({ name }: AnswerBlock): Warning {
  return {
    code: 'other',
    message: `the arguments of a call of \`${name}\` are no JSON object: a folded message has \`{}\``,
  };
}

const stopReasons: Record<FinishReason, MessagesStopReason> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool_calls: 'tool_use',
  content_filter: 'refusal',
};

const ownReasons = new Set<string>([
  'end_turn',
  'max_tokens',
  'stop_sequence',
  'tool_use',
  'pause_turn',
  'refusal',
  'model_context_window_exceeded',
] satisfies MessagesStopReason[]);

/** A vendor's own word is taken where the shape has it. */
function toStopReason(
  { finish_reason, raw_finish_reason = '' }: Pick<ChunkChoice, 'finish_reason' | 'raw_finish_reason'>,
  refusal: string | undefined,
): MessagesStopReason {
  if (refusal !== undefined) return 'refusal';
  if (ownReasons.has(raw_finish_reason)) return raw_finish_reason as MessagesStopReason;
  return stopReasons[finish_reason ?? 'stop'];
}
