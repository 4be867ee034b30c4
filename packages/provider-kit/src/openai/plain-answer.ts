import type { CompletionChoice, FinishReason, ProviderCompletion, Usage } from '@anyllm/core/provider';
import { fieldsOf } from './wire-fields.ts';

/** The fields that may say something, and what they have to be. All others have to say nothing. */
type Tests = Readonly<Record<string, (value: unknown) => boolean>>;

const answerTests: Tests = {
  id: isName,
  object: (value) => value === 'chat.completion',
  created: (value) => Number.isSafeInteger(value) && Number(value) > 0,
  model: isName,
  choices: (value) => Array.isArray(value) && value.length > 0 && value.every(isPlainChoice),
  usage: (value) => isNone(value) || isPlainUsage(value),
  service_tier: (value) => isNone(value) || isName(value),
  system_fingerprint: (value) => isNone(value) || isName(value),
  error: isNone,
};

const choiceTests: Tests = {
  index: isCount,
  message: (value) => passes(value, messageTests),
  finish_reason: (value) => ends.has(value),
  error: isNone,
};

const messageTests: Tests = {
  role: (value) => value === 'assistant',
  content: (value) => typeof value === 'string',
};

const usageTests: Tests = {
  prompt_tokens: isCount,
  completion_tokens: isCount,
  total_tokens: isCount,
  prompt_tokens_details: (value) => isNone(value) || areCounts(value, promptDetails),
  completion_tokens_details: (value) => isNone(value) || areCounts(value, completionDetails),
};

const ends: ReadonlySet<unknown> = new Set<FinishReason>(['stop', 'length', 'content_filter']);

const promptDetails: readonly string[] = ['cached_tokens', 'cache_write_tokens', 'audio_tokens'];
const completionDetails: readonly string[] = [
  'reasoning_tokens',
  'audio_tokens',
  'accepted_prediction_tokens',
  'rejected_prediction_tokens',
];

/**
 * An answer of texts and nothing else, as most are, under OpenAI's own names: to see that it is one takes a fraction of
 * what it takes to read any answer. Whatever it is not, richer, in another server's ways, or none at all, is for
 * `toCompletion`.
 */
export function readPlainAnswer(json: unknown): ProviderCompletion | undefined {
  if (!passes(json, answerTests)) return undefined;
  const { id, created, model, choices, usage, service_tier, system_fingerprint } = json as ProviderCompletion;
  return {
    id,
    object: 'chat.completion',
    created,
    model,
    choices: choices.map(toChoice),
    ...(usage && { usage: toUsage(usage) }),
    ...(service_tier && { service_tier }),
    ...(system_fingerprint && { system_fingerprint }),
  };
}

function toChoice({ index, message: { content }, finish_reason }: CompletionChoice): CompletionChoice {
  return { index, message: { role: 'assistant', content }, finish_reason };
}

function toUsage(usage: Usage): Usage {
  const { prompt_tokens, completion_tokens, total_tokens, prompt_tokens_details, completion_tokens_details } = usage;
  return {
    prompt_tokens,
    completion_tokens,
    total_tokens,
    ...(prompt_tokens_details && { prompt_tokens_details }),
    ...(completion_tokens_details && { completion_tokens_details }),
  };
}

function passes(value: unknown, tests: Tests): boolean {
  const fields = fieldsOf(value);
  if (!fields) return false;
  for (const name in fields) if (!Object.hasOwn(tests, name) && !saysNothing(fields[name])) return false;
  for (const name in tests) if (!tests[name]?.(fields[name])) return false;
  return true;
}

function isPlainChoice(choice: unknown, at: number): boolean {
  return passes(choice, choiceTests) && fieldsOf(choice)?.index === at;
}

/** Where the total is more than the two, the reasoning may have been counted beside the completion. */
function isPlainUsage(usage: unknown): boolean {
  if (!passes(usage, usageTests)) return false;
  const { prompt_tokens, completion_tokens, total_tokens } = usage as Usage;
  return total_tokens === prompt_tokens + completion_tokens;
}

function areCounts(value: unknown, known: readonly string[]): boolean {
  const counts = fieldsOf(value);
  if (!counts) return false;
  const names = Object.keys(counts);
  return names.length > 0 && names.every((name) => known.includes(name) && isCount(counts[name]));
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && value >= 0;
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isNone(value: unknown): boolean {
  return value === undefined || value === null;
}

function saysNothing(value: unknown): boolean {
  return isNone(value) || (Array.isArray(value) && value.length === 0);
}
