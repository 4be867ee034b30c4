import type { Usage } from '@anyllm/core/provider';

type Fields = Record<string, unknown>;

/** Token counts from the names that servers use for them. What is not stated stays absent. */
export function toUsage(value: unknown): Usage | undefined {
  const usage = fields(value);
  if (!usage) return undefined;
  const prompt_tokens = count(usage.prompt_tokens) ?? count(usage.input_tokens) ?? 0;
  const completion_tokens = count(usage.completion_tokens) ?? count(usage.output_tokens) ?? 0;
  const promptDetails = toPromptDetails(usage);
  const completionDetails = toCompletionDetails(usage);
  return {
    prompt_tokens,
    completion_tokens,
    total_tokens: count(usage.total_tokens) ?? prompt_tokens + completion_tokens,
    ...(promptDetails && { prompt_tokens_details: promptDetails }),
    ...(completionDetails && { completion_tokens_details: completionDetails }),
  };
}

function toPromptDetails(usage: Fields): Usage['prompt_tokens_details'] {
  // `prompt_token_details`, in the singular, is what Mistral sends in places.
  const details = fields(usage.prompt_tokens_details ?? usage.input_tokens_details ?? usage.prompt_token_details);
  return counts({
    cached_tokens:
      details?.cached_tokens ?? usage.prompt_cache_hit_tokens ?? usage.num_cached_tokens ?? usage.cached_tokens,
    cache_write_tokens: details?.cache_write_tokens,
    audio_tokens: details?.audio_tokens,
  });
}

function toCompletionDetails(usage: Fields): Usage['completion_tokens_details'] {
  const details = fields(usage.completion_tokens_details ?? usage.output_tokens_details);
  return counts({
    reasoning_tokens: details?.reasoning_tokens ?? usage.reasoning_tokens,
    audio_tokens: details?.audio_tokens,
    accepted_prediction_tokens: details?.accepted_prediction_tokens,
    rejected_prediction_tokens: details?.rejected_prediction_tokens,
  });
}

/** Those that are counts; nothing when none is. */
function counts<Name extends string>(values: Record<Name, unknown>): Partial<Record<Name, number>> | undefined {
  const known = Object.entries(values).filter(([, value]) => count(value) !== undefined);
  return known.length > 0 ? (Object.fromEntries(known) as Partial<Record<Name, number>>) : undefined;
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

function fields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null ? (value as Fields) : undefined;
}
