import type { Usage } from '@anyllm/core/provider';
import { countOf, type Fields, fieldsOf } from './wire-fields.ts';

/**
 * Token counts from the names that servers use for them. What is not stated stays absent. A number that is no count
 * (negative, or beyond all numbers) is handed on: core leaves such usage out, with a warning.
 */
export function toUsage(value: unknown): Usage | undefined {
  const usage = value ? fieldsOf(value) : undefined;
  if (!usage) return undefined;
  const prompt = number(usage.prompt_tokens, usage.input_tokens, usage.prompt_eval_count);
  const completion = number(usage.completion_tokens, usage.output_tokens, usage.eval_count);
  const total = number(usage.total_tokens);
  if (prompt === undefined && completion === undefined && total === undefined) return undefined;
  const promptDetails = toPromptDetails(usage);
  const completionDetails = toCompletionDetails(usage);
  const counted: Usage = toTotals(prompt ?? 0, completion ?? 0, total, completionDetails?.reasoning_tokens ?? 0);
  if (promptDetails) counted.prompt_tokens_details = promptDetails;
  if (completionDetails) counted.completion_tokens_details = completionDetails;
  return counted;
}

/** As `toUsage`, where nobody after us looks whether the numbers are counts: none of it where one is not. */
export function toCounts(
  value: unknown,
): Pick<Usage, 'prompt_tokens' | 'completion_tokens' | 'total_tokens'> | undefined {
  const { prompt_tokens, completion_tokens, total_tokens } = toUsage(value) ?? {};
  const counts = {
    prompt_tokens: countOf(prompt_tokens),
    completion_tokens: countOf(completion_tokens),
    total_tokens: countOf(total_tokens),
  };
  return isComplete(counts) ? counts : undefined;
}

function isComplete<Name extends string>(counts: Record<Name, number | undefined>): counts is Record<Name, number> {
  return Object.values(counts).every((value) => value !== undefined);
}

/** xAI counts the reasoning beside the completion, as its total tells; in our shape it is a part of it. */
function toTotals(prompt: number, completion: number, total: number | undefined, reasoning: number): Usage {
  const besides = total === prompt + completion + reasoning ? reasoning : 0;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion + besides,
    total_tokens: total ?? prompt + completion,
  };
}

function toPromptDetails(usage: Fields): Usage['prompt_tokens_details'] {
  const details = fieldsOf(usage.prompt_tokens_details) ?? fieldsOf(usage.input_tokens_details);
  return definedCounts({
    cached_tokens: count(
      details?.cached_tokens,
      usage.prompt_cache_hit_tokens, // DeepSeek
      usage.num_cached_tokens, // Mistral
      fieldsOf(usage.prompt_token_details)?.cached_tokens, // Mistral, in places
      usage.cached_tokens, // Moonshot
    ),
    cache_write_tokens: count(details?.cache_write_tokens),
    audio_tokens: count(details?.audio_tokens),
  });
}

function toCompletionDetails(usage: Fields): Usage['completion_tokens_details'] {
  const details = fieldsOf(usage.completion_tokens_details) ?? fieldsOf(usage.output_tokens_details);
  return definedCounts({
    reasoning_tokens: count(details?.reasoning_tokens, usage.reasoning_tokens),
    audio_tokens: count(details?.audio_tokens),
    accepted_prediction_tokens: count(details?.accepted_prediction_tokens),
    rejected_prediction_tokens: count(details?.rejected_prediction_tokens),
  });
}

function definedCounts<Name extends string>(
  counts: Record<Name, number | undefined>,
): Partial<Record<Name, number>> | undefined {
  let defined: Partial<Record<Name, number>> | undefined;
  for (const name in counts) {
    if (counts[name] === undefined) continue;
    defined ??= {};
    defined[name] = counts[name];
  }
  return defined;
}

function number(...values: unknown[]): number | undefined {
  return values.find((value) => typeof value === 'number');
}

/** The first that is a count. */
function count(...values: unknown[]): number | undefined {
  for (const value of values) if (typeof value === 'number' && value >= 0 && value < Infinity) return value;
  return undefined;
}
