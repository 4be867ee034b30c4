import type {
  ChatCompletionChunk,
  ChunkChoice,
  ChunkDelta,
  Logprobs,
  TokenLogprob,
  ToolCallDelta,
  Usage,
} from '@anyllm/core/provider';
import { jsonText, reportedFailure, withText } from '@anyllm/provider-kit';

/** What is known of an exchange when its answer is translated. */
export interface TranslationContext {
  /** The model that was asked, for answers that do not name theirs. */
  model: string;
  requestId: string | undefined;
  apiKey: string | undefined;
}

export type Fields = Record<string, unknown>;

type Head = Pick<ChatCompletionChunk, 'id' | 'object' | 'created' | 'model'>;

/**
 * Translates the lines of one answer, step by step: state and line in, chunk out. A whole answer is an only line.
 * Lenient: a field of the wrong type counts as absent.
 */
export class ChunkTranslator {
  readonly context: TranslationContext;
  #head: Head | undefined;
  /** What a chunk of text looks like, but for its text. */
  #model: ChatCompletionChunk | undefined;
  #toolCalls = 0;
  #finished = false;

  constructor(context: TranslationContext) {
    this.context = context;
  }

  /** Whether a line has been translated. */
  get started(): boolean {
    return this.#head !== undefined;
  }

  /** Whether the line that says `done` has been translated. */
  get finished(): boolean {
    return this.#finished;
  }

  /** @throws Failure for an error that the server reports in place of more text */
  translate(wire: Fields): ChatCompletionChunk {
    if (wire.error) throw reportedFailure({ provider: 'ollama', ...this.context, body: wire });
    const text = this.#model && onlyText(wire);
    return text === undefined ? this.#translateAny(wire) : withText(this.#model as ChatCompletionChunk, text);
  }

  #translateAny(wire: Fields): ChatCompletionChunk {
    const delta = this.#toDelta(toFields(wire.message) ?? {});
    const logprobs = toLogprobs(wire.logprobs);
    const usage = toUsage(wire);
    this.#head ??= this.#toHead(wire);
    this.#model ??= { ...this.#head, choices: [{ index: 0, delta: { content: '' }, finish_reason: null }] };
    return {
      ...this.#head,
      choices: [{ index: 0, delta, ...this.#toFinish(wire), ...(logprobs && { logprobs }) }],
      ...(usage && { usage }),
    };
  }

  /** The protocol has no ids. */
  #toHead({ created_at, model }: Fields): Head {
    return {
      id: `chatcmpl-${crypto.randomUUID()}`,
      object: 'chat.completion.chunk',
      created: toUnixSeconds(created_at),
      model: typeof model === 'string' && model !== '' ? model : this.context.model,
    };
  }

  #toDelta({ content, thinking, tool_calls }: Fields): ChunkDelta {
    const delta: ChunkDelta = this.started ? {} : { role: 'assistant', content: '' };
    if (typeof content === 'string' && content !== '') delta.content = content;
    if (typeof thinking === 'string' && thinking !== '') delta.reasoning = thinking;
    const calls = toObjects(tool_calls).map((call) => this.#toToolCall(call));
    if (calls.length > 0) delta.tool_calls = calls;
    return delta;
  }

  /** A call comes whole. It is numbered by its arrival: the `index` of several can be 0, and older servers give no id. */
  #toToolCall({ id, function: called }: Fields): ToolCallDelta {
    const { name, arguments: values } = toFields(called) ?? {};
    const index = this.#toolCalls;
    this.#toolCalls += 1;
    return {
      index,
      id: typeof id === 'string' && id !== '' ? id : `call_${crypto.randomUUID().replaceAll('-', '').slice(0, 24)}`,
      type: 'function',
      function: {
        name: typeof name === 'string' ? name : '',
        arguments: typeof values === 'string' ? values : jsonText(values ?? {}, 'ollama'),
      },
    };
  }

  /** `done` alone ends an answer; older servers give no reason with it. Tool calls have none of their own. */
  #toFinish({ done, done_reason }: Fields): Pick<ChunkChoice, 'finish_reason' | 'raw_finish_reason'> {
    if (done !== true) return { finish_reason: null };
    this.#finished = true;
    const raw = typeof done_reason === 'string' && done_reason !== '' ? done_reason : undefined;
    const finish_reason = raw === 'length' ? 'length' : this.#toolCalls > 0 ? 'tool_calls' : 'stop';
    return { finish_reason, ...(raw !== undefined && raw !== finish_reason && { raw_finish_reason: raw }) };
  }
}

/** The text of a line that brings nothing else, as most do. */
function onlyText({ message, done, logprobs, prompt_eval_count, eval_count }: Fields): string | undefined {
  if (done === true || logprobs || prompt_eval_count !== undefined || eval_count !== undefined) return undefined;
  const { content, thinking, tool_calls } = toFields(message) ?? {};
  return typeof content === 'string' && content !== '' && !thinking && !tool_calls ? content : undefined;
}

/** The fraction has up to nine digits, of which `Date.parse` need only read three. A zero time is year 1. */
function toUnixSeconds(time: unknown): number {
  const ms = typeof time === 'string' ? Date.parse(time.replace(/(\.\d{3})\d+/, '$1')) : Number.NaN;
  return Math.floor((ms > 0 ? ms : Date.now()) / 1000);
}

/**
 * In the last line only. A server that has the whole prompt in its cache leaves out the one count, and an answer that
 * only loads the model both. Numbers that are no counts are for core to leave out, with a warning.
 */
function toUsage({ prompt_eval_count, eval_count }: Fields): Usage | undefined {
  if (typeof prompt_eval_count !== 'number' && typeof eval_count !== 'number') return undefined;
  const prompt_tokens = typeof prompt_eval_count === 'number' ? prompt_eval_count : 0;
  const completion_tokens = typeof eval_count === 'number' ? eval_count : 0;
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}

function toLogprobs(value: unknown): Logprobs | undefined {
  const content = toTokens(value).map((token) => ({
    ...toTokenLogprob(token),
    top_logprobs: toTokens(token.top_logprobs).map(toTokenLogprob),
  }));
  return content.length > 0 ? { content } : undefined;
}

type WireToken = { token: string; logprob: number; bytes?: unknown; top_logprobs?: unknown };

function toTokens(value: unknown): WireToken[] {
  const isToken = ({ token, logprob }: Fields) => typeof token === 'string' && Number.isFinite(logprob);
  return toObjects(value).filter(isToken) as unknown as WireToken[];
}

function toTokenLogprob({ token, logprob, bytes }: WireToken): Omit<TokenLogprob, 'top_logprobs'> {
  return { token, logprob, bytes: Array.isArray(bytes) && bytes.every(Number.isInteger) ? bytes : null };
}

export function toFields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** The objects of a list; nothing when it is not one. */
function toObjects(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter((item) => toFields(item) !== undefined) : none;
}

const none: Fields[] = [];
