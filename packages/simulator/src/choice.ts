import type { ChatQuestion } from './chat-question.ts';
import type { ChoiceReply, Reply, ReplyToolCall, ReplyUsage } from './reply.ts';
import { countTokens, cutEvenly, splitTokens } from './tokens.ts';

/** One choice of an answer with nothing left open. Its tokens are counted while they are taken. */
export interface Choice {
  reasoning(): Iterable<string>;
  tokens(): Iterable<string>;
  toolCalls: readonly ToolCall[];
  refusal: string | undefined;
  finishReason: string;
  logprobs: readonly number[] | undefined;
}

export interface ToolCall {
  id: string;
  name: string;
  arguments: string;
  fragments: readonly string[];
}

/** Tokens generated so far. */
export interface Tally {
  text: number;
  reasoning: number;
}

export function toChoices(reply: Reply, question: ChatQuestion, newCallId: () => string, tally: Tally): Choice[] {
  const replies = reply.choices ?? Array.from({ length: question.n }, () => reply);
  return replies.map((choice) => toChoice(choice, newCallId, tally));
}

function toChoice(reply: ChoiceReply, newCallId: () => string, tally: Tally): Choice {
  const toolCalls = (reply.toolCalls ?? []).map((call) => toToolCall(call, reply.toolCallFragments, newCallId));
  for (const call of toolCalls) tally.text += countTokens(call.name + call.arguments);
  return {
    reasoning: () => counted(splitTokens(reply.reasoning ?? ''), tally, 'reasoning'),
    tokens: () => counted(reply.tokens ?? splitTokens(reply.text ?? ''), tally, 'text'),
    toolCalls,
    refusal: reply.refusal,
    finishReason: reply.finishReason ?? (toolCalls.length > 0 ? 'tool_calls' : 'stop'),
    logprobs: reply.logprobs,
  };
}

function toToolCall(call: ReplyToolCall, fragments: number | undefined, newCallId: () => string): ToolCall {
  const text = typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments);
  return {
    id: call.id ?? newCallId(),
    name: call.name,
    arguments: text,
    fragments: fragments === undefined ? [...splitTokens(text)] : cutEvenly(text, fragments),
  };
}

function* counted(tokens: Iterable<string>, tally: Tally, kind: keyof Tally): Generator<string> {
  for (const token of tokens) {
    tally[kind]++;
    yield token;
  }
}

/** The counts to report: the scripted ones, else those of the prompt and of the tokens taken. */
export function toUsage(usage: ReplyUsage | undefined, question: ChatQuestion, tally: Tally): Required<ReplyUsage> {
  return {
    prompt: usage?.prompt ?? question.promptTokens,
    completion: usage?.completion ?? tally.text + tally.reasoning,
    cached: usage?.cached ?? 0,
    reasoning: usage?.reasoning ?? tally.reasoning,
  };
}

/** Takes one item of each in turn until all have ended. */
export function* interleave<T>(sources: readonly Iterable<T>[]): Generator<T> {
  const [only, ...others] = sources;
  if (only && others.length === 0) return yield* only;
  let iterators = sources.map((source) => source[Symbol.iterator]());
  while (iterators.length > 0) {
    const results = iterators.map((iterator) => iterator.next());
    for (const result of results) if (!result.done) yield result.value;
    iterators = iterators.filter((_, i) => !results[i]?.done);
  }
}
