import type {
  Annotation,
  AudioOutput,
  ChatCompletionChunk,
  ChunkChoice,
  ChunkDelta,
  CompletionChoice,
  CompletionMessage,
  Logprobs,
  ProviderCompletion,
  ToolCallDelta,
  Usage,
} from '../contract/chat-completion.ts';
import type { ReasoningDetail, ToolCall } from '../contract/chat-request.ts';

interface FoldedChoice {
  index: number;
  content: string | null;
  reasoning: string;
  refusal: string;
  toolCalls: (ToolCall | undefined)[];
  finish?: { reason: CompletionChoice['finish_reason']; raw: string | undefined };
  reasoningDetails?: ReasoningDetail[];
  logprobs?: Logprobs | null;
  annotations?: Annotation[];
  audio?: AudioOutput;
}

/**
 * Adds up chunks to the answer that they are the steps of. A whole answer is folded as a single chunk, unless it is plain
 * text, which needs no putting together.
 */
export class CompletionFold {
  readonly #choices: FoldedChoice[] = [];
  #head: Pick<ChatCompletionChunk, 'id' | 'created' | 'model' | 'system_fingerprint'> | undefined;
  #serviceTier: string | undefined;
  #usage: Usage | undefined;
  #wentOn = false;

  /** Takes the next chunk, in the order of the stream. */
  add(chunk: ChatCompletionChunk): void {
    if (chunk.restarted) this.#reset();
    if (chunk.usage) this.#usage = chunk.usage;
    if (!chunk.restarted) this.#head ??= chunk;
    this.#serviceTier ??= chunk.service_tier; // Mistral names it with the usage
    for (const choice of chunk.choices) {
      const folded = this.#choice(choice.index);
      if (folded.finish && saysSomething(choice.delta)) this.#wentOn = true;
      addChoice(folded, choice);
    }
  }

  #reset(): void {
    this.#choices.length = 0;
    this.#head = undefined;
    this.#serviceTier = undefined;
    this.#usage = undefined;
    this.#wentOn = false;
  }

  /** The count that was named last. */
  get usage(): Usage | undefined {
    return this.#usage;
  }

  /** Whether there is an answer and all of it has come. */
  get complete(): boolean {
    return this.#choices.length > 0 && this.#choices.every((choice) => choice.finish !== undefined);
  }

  /** Whether a choice went on after its finish reason. What came then is a part of the answer all the same. */
  get wentOn(): boolean {
    return this.#wentOn;
  }

  /** The answer so far. A choice that has not finished counts as cut short: `length`. */
  result(): ProviderCompletion {
    const { id = '', created = 0, model = '', system_fingerprint } = this.#head ?? {};
    return {
      id,
      object: 'chat.completion',
      created,
      model,
      choices: this.#choices.toSorted((a, b) => a.index - b.index).map(toChoice),
      ...(this.#usage && { usage: this.#usage }),
      ...(this.#serviceTier && { service_tier: this.#serviceTier }),
      ...(system_fingerprint && { system_fingerprint }),
    };
  }

  #choice(index: number): FoldedChoice {
    const known = this.#choices.find((choice) => choice.index === index);
    if (known) return known;
    const created: FoldedChoice = { index, content: null, reasoning: '', refusal: '', toolCalls: [] };
    this.#choices.push(created);
    return created;
  }
}

/** Folds all the chunks of an answer. */
export function foldCompletion(chunks: Iterable<ChatCompletionChunk>): ProviderCompletion {
  const fold = new CompletionFold();
  for (const chunk of chunks) fold.add(chunk);
  return fold.result();
}

function addChoice(choice: FoldedChoice, { delta, finish_reason, raw_finish_reason, logprobs }: ChunkChoice): void {
  addText(choice, delta);
  if (finish_reason) {
    choice.finish = { reason: finish_reason, raw: raw_finish_reason };
    joinPieces(choice);
  }
  if (logprobs) choice.logprobs = addLogprobs(choice.logprobs, logprobs);
  if (delta.tool_calls) for (const fragment of delta.tool_calls) addToolCall(choice.toolCalls, fragment);
  if (delta.reasoning_details) {
    choice.reasoningDetails ??= [];
    for (const detail of delta.reasoning_details) addReasoningDetail(choice.reasoningDetails, detail);
  }
  if (delta.annotations) choice.annotations = append(choice.annotations, delta.annotations) ?? [];
  if (delta.audio) choice.audio = addAudio(choice.audio, delta.audio);
}

/**
 * V8 keeps a text that has grown as a tree of its pieces, many times its size, until somebody looks into it. Of a stream
 * that is over, dead or alive, only the text itself is to be left.
 */
function joinPieces({ content, reasoning }: FoldedChoice): void {
  content?.charCodeAt(0);
  reasoning.charCodeAt(0);
}

function saysSomething({ content, reasoning, refusal, tool_calls, audio }: ChunkDelta): boolean {
  return Boolean(content || reasoning || refusal || tool_calls?.length || audio);
}

function addText(choice: FoldedChoice, { content, reasoning, refusal }: ChunkDelta): void {
  if (typeof content === 'string') choice.content = choice.content === null ? content : choice.content + content;
  if (reasoning) choice.reasoning += reasoning;
  if (refusal) choice.refusal += refusal;
}

function addToolCall(calls: (ToolCall | undefined)[], fragment: ToolCallDelta): void {
  const call = calls[fragment.index];
  if (call === undefined) {
    calls[fragment.index] = startToolCall(fragment);
  } else if (call.type === 'function') {
    call.function.name ||= fragment.function?.name ?? '';
    call.function.arguments += fragment.function?.arguments ?? '';
  } else {
    call.custom.name ||= fragment.custom?.name ?? '';
    call.custom.input += fragment.custom?.input ?? '';
  }
}

function startToolCall({ id = '', custom, function: called }: ToolCallDelta): ToolCall {
  if (custom) return { id, type: 'custom', custom: { name: custom.name ?? '', input: custom.input ?? '' } };
  return { id, type: 'function', function: { name: called?.name ?? '', arguments: called?.arguments ?? '' } };
}

/** Pieces of one text grow together until a signature closes it; anything else stands for itself. */
function addReasoningDetail(details: ReasoningDetail[], detail: ReasoningDetail): void {
  const last = details.at(-1);
  if (last && continuesText(last, detail)) Object.assign(last, detail, { text: `${last.text}${detail.text}` });
  else details.push({ ...detail });
}

function continuesText(last: ReasoningDetail, { type, index, text }: ReasoningDetail): boolean {
  const isOpen = last.text !== undefined && last.signature === undefined;
  return isOpen && text !== undefined && last.type === type && last.index === index;
}

function addLogprobs(sum: Logprobs | null | undefined, more: Logprobs): Logprobs {
  const content = append(sum?.content, more.content) ?? null;
  const refusal = append(sum?.refusal, more.refusal);
  return { content, ...(refusal !== undefined && { refusal }) };
}

/** Adds to our own array; the chunk's stays as it is. */
function append<T>(sum: T[] | null | undefined, more: readonly T[] | null | undefined): T[] | null | undefined {
  if (!more) return sum ?? more;
  if (!sum) return [...more];
  sum.push(...more);
  return sum;
}

function addAudio(sum: AudioOutput | undefined, more: Partial<AudioOutput>): AudioOutput {
  return {
    ...sum,
    ...more,
    id: more.id ?? sum?.id ?? '',
    data: (sum?.data ?? '') + (more.data ?? ''),
    transcript: (sum?.transcript ?? '') + (more.transcript ?? ''),
  };
}

function toChoice(choice: FoldedChoice): CompletionChoice {
  const { index, finish, logprobs } = choice;
  return {
    index,
    message: toMessage(choice),
    finish_reason: finish?.reason ?? 'length',
    ...(finish?.raw !== undefined && { raw_finish_reason: finish.raw }),
    ...(logprobs !== undefined && { logprobs }),
  };
}

function toMessage(choice: FoldedChoice): CompletionMessage {
  const { content, reasoning, refusal, reasoningDetails, annotations, audio } = choice;
  const toolCalls = choice.toolCalls.filter((call) => call !== undefined).map(withArguments);
  return {
    role: 'assistant',
    // An empty first piece comes before a tool call or refusal too, where a whole answer has `null`.
    content: content === '' && (toolCalls.length > 0 || refusal !== '') ? null : content,
    ...(refusal !== '' && { refusal }),
    ...(reasoning !== '' && { reasoning }),
    ...(reasoningDetails && { reasoning_details: reasoningDetails }),
    ...(toolCalls.length > 0 && { tool_calls: toolCalls }),
    ...(annotations && { annotations }),
    ...(audio && { audio }),
  };
}

/** A tool without parameters is often called with no arguments at all, which is not JSON. */
function withArguments(call: ToolCall): ToolCall {
  if (call.type !== 'function' || call.function.arguments !== '') return call;
  return { ...call, function: { ...call.function, arguments: '{}' } };
}
