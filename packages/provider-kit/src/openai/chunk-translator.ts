import {
  type Annotation,
  type AttemptObserver,
  type ChatCompletionChunk,
  type ChunkChoice,
  type ChunkDelta,
  type Logprobs,
  ProviderError,
  type ReasoningDetail,
} from '@anyllm/core/provider';
import { errorFromEvent } from '../errors/map-error.ts';
import { isFailure, toFinishReason } from './finish-reason.ts';
import { toUsage } from './to-usage.ts';
import { ToolCallSlots, type WireToolCall } from './tool-call-slots.ts';

/** What is known of an exchange when its chunks are translated. */
export interface TranslationContext {
  provider: string;
  /** The model that was asked, for answers that do not name theirs. */
  model: string;
  requestId: string | undefined;
  apiKey: string | undefined;
  observer: AttemptObserver;
}

type Fields = Record<string, unknown>;

interface ChoiceState {
  readonly index: number;
  readonly toolCalls: ToolCallSlots;
  started: boolean;
  finished: boolean;
}

/**
 * Translates the chunks of one answer from what OpenAI-compatible servers send to our own, step by step: state and
 * wire chunk in, chunk out. Lenient: a field of the wrong type counts as absent.
 */
export class ChunkTranslator {
  readonly #context: TranslationContext;
  readonly #choices: ChoiceState[] = [];
  #head: { id: string; created: number; model: string } | undefined;

  constructor(context: TranslationContext) {
    this.#context = context;
  }

  /** @throws AnyLLMError for an error that the server reports in place of a chunk */
  translate(wire: Fields): ChatCompletionChunk {
    if (wire.error || wire.object === 'error') throw this.#failure(wire);
    const choices = objects(wire.choices);
    const usage = toUsage(wire.usage ?? fields(wire.x_groq)?.usage ?? choices[0]?.usage);
    return {
      ...this.#headOf(wire),
      choices: choices.map((choice) => this.#translateChoice(choice)),
      ...(usage && { usage }),
      ...(typeof wire.service_tier === 'string' && { service_tier: wire.service_tier }),
      ...(typeof wire.system_fingerprint === 'string' && { system_fingerprint: wire.system_fingerprint }),
    };
  }

  /**
   * The server says that the stream is over. Some say so without having named a finish reason: what has come is an
   * answer, and the chunk that says so is ours.
   */
  finish(): ChatCompletionChunk | undefined {
    const open = this.#choices.filter((choice) => choice.started && !choice.finished);
    if (open.length === 0) return undefined;
    const { provider } = this.#context;
    this.#context.observer.warn({
      code: 'finish_reason_missing',
      message: `${provider} ended the answer without a finish reason`,
    });
    const choices = open.map((state) => ({ index: state.index, ...this.#finishChoice(state, {}, '') }));
    return { ...this.#headOf({}), choices };
  }

  #headOf(wire: Fields): Pick<ChatCompletionChunk, 'id' | 'object' | 'created' | 'model'> {
    this.#head ??= wire.id || wire.model ? this.#readHead(wire) : undefined;
    const { id, created, model } = this.#head ?? this.#readHead(wire);
    return { id, object: 'chat.completion.chunk', created, model };
  }

  #readHead({ id, created, model }: Fields): { id: string; created: number; model: string } {
    return {
      id: typeof id === 'string' && id !== '' ? id : `chatcmpl-${crypto.randomUUID()}`,
      created: typeof created === 'number' && created > 0 ? Math.floor(created) : Math.floor(Date.now() / 1000),
      model: typeof model === 'string' && model !== '' ? model : this.#context.model,
    };
  }

  #translateChoice(wire: Fields): ChunkChoice {
    const state = this.#state(typeof wire.index === 'number' ? wire.index : 0);
    const delta = this.#translateDelta(state, fields(wire.delta) ?? fields(wire.message) ?? {});
    const raw = typeof wire.finish_reason === 'string' ? wire.finish_reason : '';
    if (isFailure(raw)) throw this.#failedChoice(raw);
    const logprobs = fields(wire.logprobs) as Logprobs | undefined;
    return {
      index: state.index,
      ...(raw === '' ? { delta, finish_reason: null } : this.#finishChoice(state, delta, raw)),
      ...(logprobs && { logprobs }),
    };
  }

  #finishChoice(state: ChoiceState, delta: ChunkDelta, raw: string): Omit<ChunkChoice, 'index'> {
    state.finished = true;
    const held = state.toolCalls.flush();
    const finish_reason = toFinishReason(raw, state.toolCalls.used);
    return {
      delta: held.length > 0 ? { ...delta, tool_calls: [...(delta.tool_calls ?? []), ...held] } : delta,
      finish_reason,
      ...(raw !== '' && raw !== finish_reason && { raw_finish_reason: raw }),
    };
  }

  #translateDelta(state: ChoiceState, wire: Fields): ChunkDelta {
    const delta: ChunkDelta = {};
    if (!state.started) delta.role = 'assistant';
    state.started = true;
    if (typeof wire.content === 'string') delta.content = wire.content;
    else if (wire.content) readParts(delta, objects(wire.content));
    readReasoning(delta, wire);
    if (typeof wire.refusal === 'string') delta.refusal = wire.refusal;
    const calls = toolCallsOf(wire);
    if (calls.length > 0) {
      const fragments = calls.map((call) => state.toolCalls.add(call)).filter((fragment) => fragment !== undefined);
      if (fragments.length > 0) delta.tool_calls = fragments;
    }
    const annotations = objects(wire.annotations) as unknown as Annotation[];
    if (annotations.length > 0) delta.annotations = annotations;
    if (fields(wire.audio)) delta.audio = fields(wire.audio) as NonNullable<ChunkDelta['audio']>;
    return delta;
  }

  #state(index: number): ChoiceState {
    const known = this.#choices.find((choice) => choice.index === index);
    if (known) return known;
    const toolCalls = new ToolCallSlots(this.#context.provider);
    const created: ChoiceState = { index, toolCalls, started: false, finished: false };
    this.#choices.push(created);
    return created;
  }

  #failure(body: Fields): Error {
    const { provider, model, requestId, apiKey } = this.#context;
    return errorFromEvent({ provider, model, body, requestId, apiKey });
  }

  #failedChoice(raw: string): ProviderError {
    const { provider, model, requestId } = this.#context;
    return new ProviderError(`${provider}: the model failed (finish reason ${raw})`, {
      provider,
      model,
      requestId,
      retryable: true,
    });
  }
}

/** Content in parts: text, and with Mistral the model's thinking. */
function readParts(delta: ChunkDelta, parts: Fields[]): void {
  const text = parts.filter((part) => part.type === 'text' && typeof part.text === 'string').map((part) => part.text);
  if (text.length > 0) delta.content = text.join('');
  const details = parts.filter((part) => part.type === 'thinking').map(toReasoningDetail);
  if (details.length === 0) return;
  delta.reasoning = details.map((detail) => detail.text).join('');
  delta.reasoning_details = details;
}

function toReasoningDetail({ thinking, signature }: Fields): ReasoningDetail {
  const text = objects(thinking).map(textOf).join('');
  return { type: 'reasoning.text', text, ...(typeof signature === 'string' && { signature }) };
}

/** The same text may stand under two names: one is taken. */
function readReasoning(delta: ChunkDelta, wire: Fields): void {
  const details = objects(wire.reasoning_details) as unknown as ReasoningDetail[];
  if (details.length > 0) delta.reasoning_details = details;
  const named = wire.reasoning_content ?? wire.reasoning ?? wire.thinking;
  const text = typeof named === 'string' ? named : (fields(named)?.content ?? details.map(textOf).join(''));
  if (typeof text === 'string' && text !== '') delta.reasoning = text;
}

function textOf({ text }: { text?: unknown }): string {
  return typeof text === 'string' ? text : '';
}

function toolCallsOf({ tool_calls, function_call }: Fields): WireToolCall[] {
  if (tool_calls) return objects(tool_calls) as WireToolCall[];
  const legacy = fields(function_call);
  return legacy ? [{ index: 0, function: legacy }] : [];
}

function fields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** The objects of a list; nothing when it is not one. */
function objects(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter((item) => fields(item) !== undefined) : none;
}

const none: Fields[] = [];
