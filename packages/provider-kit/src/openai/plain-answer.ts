import type { CompletionChoice, FinishReason, ProviderCompletion, Usage } from '@anyllm/core/provider';
import { fieldsOf, maxChoices } from './wire-fields.ts';

type Test = (value: unknown) => boolean;

/** The fields that say something, those that may, and what they have to be. All others are `null` or an empty list. */
interface Shape {
  needed: ReadonlyMap<string, Test>;
  optional: ReadonlyMap<string, Test>;
}

const answerShape: Shape = {
  needed: new Map([
    ['id', isName],
    ['object', (value) => value === 'chat.completion'],
    ['created', (value) => Number.isSafeInteger(value) && Number(value) > 0],
    ['model', isName],
    [
      'choices',
      (value) => Array.isArray(value) && value.length > 0 && value.length <= maxChoices && value.every(isPlainChoice),
    ],
  ]),
  optional: new Map([
    ['usage', isPlainUsage],
    ['service_tier', isName],
    ['system_fingerprint', isName],
    ['error', never],
  ]),
};

const choiceShape: Shape = {
  needed: new Map([
    ['index', isCount],
    ['message', (value) => fits(value, messageShape)],
    ['finish_reason', (value) => ends.has(value)],
  ]),
  optional: new Map([['error', never]]),
};

const messageShape: Shape = {
  needed: new Map([
    ['role', (value) => value === 'assistant'],
    ['content', (value) => typeof value === 'string'],
  ]),
  optional: new Map(),
};

const usageShape: Shape = {
  needed: new Map([
    ['prompt_tokens', isCount],
    ['completion_tokens', isCount],
    ['total_tokens', isCount],
  ]),
  optional: new Map([
    ['prompt_tokens_details', (value) => areCounts(value, promptDetails)],
    ['completion_tokens_details', (value) => areCounts(value, completionDetails)],
  ]),
};

const ends: ReadonlySet<unknown> = new Set<FinishReason>(['stop', 'length', 'content_filter']);

const promptDetails: ReadonlySet<string> = new Set(['cached_tokens', 'cache_write_tokens', 'audio_tokens']);
const completionDetails: ReadonlySet<string> = new Set([
  'reasoning_tokens',
  'audio_tokens',
  'accepted_prediction_tokens',
  'rejected_prediction_tokens',
]);

/**
 * An answer of texts and nothing else, as most are, under OpenAI's own names: to see that it is one takes a fraction of
 * what it takes to read any answer. Whatever it is not, richer, in another server's ways, or none at all, is for
 * `toCompletion`.
 */
export function readPlainAnswer(json: unknown): ProviderCompletion | undefined {
  if (!fits(json, answerShape)) return undefined;
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

function fits(value: unknown, { needed, optional }: Shape): boolean {
  const fields = fieldsOf(value);
  if (!fields) return false;
  let met = 0;
  for (const name in fields) {
    const value = fields[name];
    const test = needed.get(name);
    if (test) met++;
    else if (value === null) continue;
    if (!(test ?? optional.get(name) ?? isEmptyList)(value)) return false;
  }
  return met === needed.size;
}

function isPlainChoice(choice: unknown, at: number): boolean {
  return fits(choice, choiceShape) && fieldsOf(choice)?.index === at;
}

/** Where the total is more than the two, the reasoning may have been counted beside the completion. */
function isPlainUsage(usage: unknown): boolean {
  if (!fits(usage, usageShape)) return false;
  const { prompt_tokens, completion_tokens, total_tokens } = usage as Usage;
  return total_tokens === prompt_tokens + completion_tokens;
}

function areCounts(value: unknown, known: ReadonlySet<string>): boolean {
  const counts = fieldsOf(value);
  if (!counts) return false;
  let found = 0;
  for (const name in counts) {
    if (!known.has(name) || !isCount(counts[name])) return false;
    found++;
  }
  return found > 0;
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value < Infinity; // JSON's 1e999 is not
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** An error is one, whatever it looks like. */
function never(): boolean {
  return false;
}
