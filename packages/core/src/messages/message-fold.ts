import type { MessagesAnswer, MessagesAnswerBlock, MessagesDelta, MessagesEvent } from '../contract/messages.ts';
import { parseObject } from '../over-chat/block-sequence.ts';

/** Adds up the events of a message to the message. */
export class MessageFold {
  #message: MessagesAnswer | undefined;
  /** Of the calls whose input has not come whole. */
  readonly #inputs = new Map<number, string>();

  /** Until the first event there is none. */
  get message(): MessagesAnswer | undefined {
    return this.#message;
  }

  /** The message without a call whose input has not come whole: half of it is no input. */
  get soFar(): MessagesAnswer | undefined {
    if (!this.#message) return undefined;
    return { ...this.#message, content: this.#message.content.filter((_, index) => !this.#inputs.has(index)) };
  }

  add(event: MessagesEvent): void {
    if (event.type === 'message_start') this.#message = { ...event.message, content: [...event.message.content] };
    else if (this.#message) this.#step(this.#message, event);
  }

  #step(message: MessagesAnswer, event: MessagesEvent): void {
    switch (event.type) {
      case 'content_block_start':
        message.content[event.index] = { ...event.content_block };
        if (event.content_block.type === 'tool_use') this.#inputs.set(event.index, '');
        break;
      case 'content_block_delta':
        this.#grow(message.content[event.index], event.index, event.delta);
        break;
      case 'content_block_stop':
        this.#close(message.content[event.index], event.index);
        break;
      case 'message_delta':
        Object.assign(message, event.delta, { usage: event.usage });
        break;
      default:
    }
  }

  #grow(block: MessagesAnswerBlock | undefined, index: number, delta: MessagesDelta): void {
    if (block?.type === 'tool_use') {
      if (delta.type === 'input_json_delta') this.#inputs.set(index, `${this.#inputs.get(index)}${delta.partial_json}`);
    } else if (block?.type === 'thinking') {
      if (delta.type === 'thinking_delta') block.thinking += delta.thinking;
      if (delta.type === 'signature_delta') block.signature = delta.signature;
    } else if (block?.type === 'text') {
      if (delta.type === 'text_delta') block.text += delta.text;
      if (delta.type === 'citations_delta') block.citations = [...(block.citations ?? []), delta.citation];
    }
  }

  #close(block: MessagesAnswerBlock | undefined, index: number): void {
    if (block?.type === 'tool_use') block.input = parseObject(this.#inputs.get(index) ?? '') ?? block.input;
    this.#inputs.delete(index);
  }
}

/** The message that events are the steps of. */
export function foldMessage(events: readonly MessagesEvent[]): MessagesAnswer {
  const fold = new MessageFold();
  for (const event of events) fold.add(event);
  return fold.message as MessagesAnswer;
}
