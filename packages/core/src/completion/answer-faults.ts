import type { FinishReason } from '../contract/chat-completion.ts';

/** The path of the first thing that does not fit its type, as `.choices[0].delta`; nothing where all does. */
export type Fault = string | undefined;

export function faultInCompletion(answer: unknown): Fault {
  if (!isRecord(answer)) return '';
  return faultInList(answer.choices, '.choices', faultInWholeChoice);
}

function faultInWholeChoice({ index, message, finish_reason, logprobs }: Fields): Fault {
  if (!isIndex(index)) return '.index';
  if (!isRecord(message)) return '.message';
  if (!finishReasons.has(finish_reason)) return '.finish_reason';
  if (!isLogprobs(logprobs)) return '.logprobs';
  const fault = faultInSpeech(message, faultInWholeCall);
  return fault === undefined ? undefined : `.message${fault}`;
}

/** What a message and a delta have in common. */
export function faultInSpeech(speech: Fields, faultInCall: (call: Fields) => Fault): Fault {
  if (!isTextOrNone(speech.content)) return '.content';
  if (!isTextOrNone(speech.reasoning)) return '.reasoning';
  if (!isTextOrNone(speech.refusal)) return '.refusal';
  if (!isNone(speech.audio) && !isRecord(speech.audio)) return '.audio';
  if (!isNone(speech.annotations) && !Array.isArray(speech.annotations)) return '.annotations';
  if (!isNone(speech.reasoning_details) && !Array.isArray(speech.reasoning_details)) return '.reasoning_details';
  return isNone(speech.tool_calls) ? undefined : faultInList(speech.tool_calls, '.tool_calls', faultInCall);
}

function faultInWholeCall({ id, type, function: called, custom }: Fields): Fault {
  const body = type === 'custom' ? custom : called;
  const fits = typeof id === 'string' && isRecord(body) && typeof body.name === 'string';
  return fits && typeof (type === 'custom' ? body.input : body.arguments) === 'string' ? undefined : '';
}

export function faultInList(list: unknown, name: string, faultIn: (item: Fields) => Fault): Fault {
  if (!Array.isArray(list)) return name;
  for (let at = 0; at < list.length; at++) {
    const item: unknown = list[at];
    const fault = isRecord(item) ? faultIn(item) : '';
    if (fault !== undefined) return `${name}[${at}]${fault}`;
  }
  return undefined;
}

export const finishReasons: ReadonlySet<unknown> = new Set<FinishReason>([
  'stop',
  'length',
  'tool_calls',
  'content_filter',
]);

/** A choice or call of a higher number is an error of the protocol; it would have us keep as many. */
const maxIndex = 1023;

export function isIndex(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= maxIndex;
}

export function isLogprobs(value: unknown): boolean {
  if (isNone(value)) return true;
  return isRecord(value) && isListOrNone(value.content) && isListOrNone(value.refusal);
}

export function faultInUsage(usage: unknown): Fault {
  if (!isRecord(usage)) return '';
  if (!isCount(usage.prompt_tokens)) return '.prompt_tokens';
  if (!isCount(usage.completion_tokens)) return '.completion_tokens';
  if (!isCount(usage.total_tokens)) return '.total_tokens';
  if (!isDetails(usage.prompt_tokens_details)) return '.prompt_tokens_details';
  return isDetails(usage.completion_tokens_details) ? undefined : '.completion_tokens_details';
}

function isDetails(value: unknown): boolean {
  if (isNone(value)) return true;
  return isRecord(value) && Object.values(value).every((count) => isNone(count) || isCount(count));
}

export function isCount(value: unknown): boolean {
  return Number.isFinite(value) && Number(value) >= 0;
}

export type Fields = Record<string, unknown>;

export function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isNone(value: unknown): boolean {
  return value === undefined || value === null;
}

export function isTextOrNone(value: unknown): boolean {
  return typeof value === 'string' || isNone(value);
}

function isListOrNone(value: unknown): boolean {
  return isNone(value) || Array.isArray(value);
}
