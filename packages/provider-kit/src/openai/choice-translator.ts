import type { Annotation, ChunkChoice, ChunkDelta } from '@anyllm/core/provider';
import { jsonText } from '../decode/json-text.ts';
import { toFinishReason } from './finish-reason.ts';
import { InlineThinking, type SplitText } from './inline-thinking.ts';
import type { AnswerQuirks } from './quirks.ts';
import { readDelta } from './read-delta.ts';
import { readLogprobs } from './read-logprobs.ts';
import type { ToolCalls, WireToolCall } from './tool-calls.ts';
import { type Fields, fieldsOf, objectsOf } from './wire-fields.ts';

/** One choice of an answer, from its first chunk to its last. */
export class ChoiceTranslator {
  readonly index: number;
  readonly #provider: string;
  readonly #quirks: AnswerQuirks;
  readonly #toolCalls: ToolCalls;
  readonly #thinking: InlineThinking | undefined;
  #annotations: Set<string> | undefined;
  #begun = false;
  #spoke = false;
  #finished = false;

  constructor(index: number, provider: string, quirks: AnswerQuirks, toolCalls: ToolCalls) {
    const { inlineThinkTags } = quirks;
    this.index = index;
    this.#provider = provider;
    this.#quirks = quirks;
    this.#toolCalls = toolCalls;
    if (inlineThinkTags) this.#thinking = new InlineThinking(inlineThinkTags === 'opened');
  }

  /** Whether something of the answer has come and its end has not. */
  get open(): boolean {
    return this.#spoke && !this.#finished;
  }

  /** @param raw the finish reason in the server's word; `""` when the choice goes on */
  translate(wire: Fields, raw: string): ChunkChoice {
    const delta = this.#translateDelta(fieldsOf(wire.delta) ?? this.#message(wire) ?? {});
    const choice: ChunkChoice = { index: this.index, delta, finish_reason: null };
    if (raw !== '') this.#end(choice, raw);
    const logprobs = wire.logprobs ? readLogprobs(wire.logprobs) : undefined;
    if (logprobs) choice.logprobs = logprobs;
    return choice;
  }

  /** The end of a choice that was given no reason for it. */
  finish(): ChunkChoice {
    const choice: ChunkChoice = { index: this.index, delta: {}, finish_reason: null };
    this.#end(choice, '');
    return choice;
  }

  #end(choice: ChunkChoice, raw: string): void {
    this.#finished = true;
    if (this.#thinking) addSplit(choice.delta, this.#thinking.flush());
    const held = this.#toolCalls.flush();
    if (held.length > 0) choice.delta.tool_calls = [...(choice.delta.tool_calls ?? []), ...held];
    choice.finish_reason = toFinishReason(raw, this.#toolCalls.used, this.#quirks.mapFinishReason);
    if (raw !== '' && raw !== choice.finish_reason) choice.raw_finish_reason = raw;
  }

  /** MiniMax closes its stream with the whole message, which repeats what the deltas said. */
  #message({ message }: Fields): Fields | undefined {
    return this.#spoke ? undefined : fieldsOf(message);
  }

  #translateDelta(wire: Fields): ChunkDelta {
    const delta: ChunkDelta = this.#begun ? {} : { role: 'assistant' };
    this.#begun = true;
    readDelta(wire, delta, this.#quirks.reasoningFields);
    if (this.#thinking && typeof delta.content === 'string') splitContent(delta, this.#thinking);
    if (wire.tool_calls || wire.function_call) this.#addToolCalls(delta, wire);
    if (wire.annotations) this.#addAnnotations(delta, objectsOf(wire.annotations));
    this.#spoke ||= saysSomething(delta) || this.#toolCalls.used || this.#thinking?.holds === true;
    return delta;
  }

  #addToolCalls(delta: ChunkDelta, { tool_calls, function_call }: Fields): void {
    const legacy = fieldsOf(function_call);
    const calls: WireToolCall[] = legacy && !tool_calls ? [{ index: 0, function: legacy }] : objectsOf(tool_calls);
    const fragments = calls.map((call) => this.#toolCalls.add(call)).filter((fragment) => fragment !== undefined);
    if (fragments.length > 0) delta.tool_calls = fragments;
  }

  /** OpenAI sends each once, others all of them again and again. */
  #addAnnotations(delta: ChunkDelta, wire: Fields[]): void {
    this.#annotations ??= new Set();
    const known = this.#annotations;
    const annotations = wire.filter(isAnnotation).map((each) => [each, jsonText(each, this.#provider)] as const);
    const fresh = annotations.filter(([, text]) => !known.has(text));
    for (const [, text] of fresh) known.add(text);
    if (fresh.length > 0) delta.annotations = fresh.map(([annotation]) => annotation);
  }
}

function isAnnotation(wire: Fields): wire is Annotation {
  return typeof wire.type === 'string';
}

function saysSomething({ content, reasoning, refusal, audio }: ChunkDelta): boolean {
  return Boolean(content || reasoning || refusal || audio);
}

function splitContent(delta: ChunkDelta, thinking: InlineThinking): void {
  const { content } = delta;
  delete delta.content;
  addSplit(delta, thinking.push(content ?? ''));
}

function addSplit(delta: ChunkDelta, { content, reasoning }: SplitText): void {
  if (content !== '') delta.content = (delta.content ?? '') + content;
  if (reasoning !== '') delta.reasoning = (delta.reasoning ?? '') + reasoning;
}
