import {
  type ChatCompletionChunk,
  type ChunkChoice,
  type ChunkDelta,
  StreamInterruptedError,
  type ToolCallDelta,
  type Usage,
} from '@anyllm/core';
import { CompletionFold } from '@anyllm/core/fold';
import type { ModelStreamPart, ProviderMetadata } from '../specification.ts';
import { toFinishReason } from './to-finish-reason.ts';
import { toSource } from './to-source.ts';
import { toUsage } from './to-usage.ts';

interface OpenBlock {
  kind: 'text' | 'reasoning';
  id: string;
  /** Puts the details of a piece of reasoning together. */
  fold: CompletionFold;
}

interface OpenToolCall {
  id: string;
  name: string;
  input: string;
  isCustom: boolean;
}

/**
 * Translates the chunks of one answer, step by step: state and chunk in, parts out. Text and reasoning are in blocks
 * there, which end when the other begins.
 */
export class ChunkTranslator {
  readonly #toolCalls = new Map<number, OpenToolCall>();
  #block: OpenBlock | undefined;
  #blocks = 0;
  #started = false;
  #finish: ChunkChoice | undefined;
  #usage: Usage | undefined;
  #hasRefusal = false;

  /** @throws StreamInterruptedError where the answer begins anew, which cannot be said there */
  *translate(chunk: ChatCompletionChunk): Generator<ModelStreamPart> {
    if (chunk.restarted)
      throw new StreamInterruptedError(`${chunk.restarted.message}; AI SDK's streams cannot begin anew`);
    if (!this.#started) yield this.#start(chunk);
    if (chunk.usage) this.#usage = chunk.usage;
    const choice = chunk.choices.find(({ index }) => index === 0);
    if (!choice) return;
    yield* this.#toParts(choice.delta);
    if (choice.finish_reason !== null) this.#finish = choice;
  }

  /** What is left to say at the end of the answer. */
  *end(providerMetadata: ProviderMetadata): Generator<ModelStreamPart> {
    yield* this.#closeBlock();
    for (const call of this.#toolCalls.values()) {
      yield { type: 'tool-input-end', id: call.id };
      yield toToolCallPart(call);
    }
    const { finish_reason, raw_finish_reason } = this.#finish ?? {};
    const finishReason = toFinishReason(finish_reason ?? 'stop', raw_finish_reason, this.#hasRefusal);
    yield { type: 'finish', finishReason, usage: toUsage(this.#usage), providerMetadata };
  }

  #start({ id, model, created }: ChatCompletionChunk): ModelStreamPart {
    this.#started = true;
    return { type: 'response-metadata', id, modelId: model, timestamp: new Date(created * 1000) };
  }

  *#toParts(delta: ChunkDelta): Generator<ModelStreamPart> {
    const { content, refusal, reasoning, reasoning_details: details, tool_calls, annotations } = delta;
    if (reasoning || details?.length) yield* this.#toReasoning(reasoning ?? '', { reasoning_details: details ?? [] });
    if (refusal) this.#hasRefusal = true;
    for (const text of [content, refusal]) {
      if (!text) continue;
      yield* this.#openBlock('text');
      yield { type: 'text-delta', id: this.#blockId, delta: text };
    }
    for (const annotation of annotations ?? []) {
      const source = toSource(annotation);
      if (source) yield source;
    }
    for (const fragment of tool_calls ?? []) yield* this.#toToolInput(fragment);
  }

  *#toReasoning(text: string, delta: ChunkDelta): Generator<ModelStreamPart> {
    yield* this.#openBlock('reasoning');
    this.#block?.fold.add({
      ...{ id: '', object: 'chat.completion.chunk', created: 0, model: '' },
      choices: [{ index: 0, delta, finish_reason: null }],
    });
    if (text !== '') yield { type: 'reasoning-delta', id: this.#blockId, delta: text };
  }

  get #blockId(): string {
    return this.#block?.id ?? '';
  }

  *#openBlock(kind: OpenBlock['kind']): Generator<ModelStreamPart> {
    if (this.#block?.kind === kind) return;
    yield* this.#closeBlock();
    this.#block = { kind, id: String(this.#blocks), fold: new CompletionFold() };
    this.#blocks += 1;
    yield { type: `${kind}-start`, id: this.#blockId };
  }

  *#closeBlock(): Generator<ModelStreamPart> {
    if (!this.#block) return;
    const { kind, id, fold } = this.#block;
    this.#block = undefined;
    const details = fold.result().choices[0]?.message.reasoning_details;
    yield { type: `${kind}-end`, id, ...toReasoningMetadata(details) };
  }

  /** The first fragment of a call carries its id and name. */
  *#toToolInput({ index, id = '', function: called, custom }: ToolCallDelta): Generator<ModelStreamPart> {
    const text = called?.arguments ?? custom?.input ?? '';
    let call = this.#toolCalls.get(index);
    if (!call) {
      yield* this.#closeBlock();
      call = { id, name: called?.name ?? custom?.name ?? '', input: '', isCustom: custom !== undefined };
      this.#toolCalls.set(index, call);
      const encoding = call.isCustom ? { inputEncoding: 'text' as const } : {};
      yield { type: 'tool-input-start', id: call.id, toolName: call.name, ...encoding };
    }
    call.input += text;
    if (text !== '') yield { type: 'tool-input-delta', id: call.id, delta: text };
  }
}

function toToolCallPart({ id, name, input, isCustom }: OpenToolCall): ModelStreamPart {
  return { type: 'tool-call', toolCallId: id, toolName: name, input: isCustom ? JSON.stringify(input) : input || '{}' };
}

/** So that what the vendor wants back comes back with the next question. */
export function toReasoningMetadata(details: object[] | undefined): { providerMetadata?: ProviderMetadata } {
  if (!details?.length) return {};
  return { providerMetadata: { anyllm: { reasoning_details: details as never } } };
}
