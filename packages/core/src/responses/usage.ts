import type { Usage } from '../contract/chat-completion.ts';
import type { ResponsesUsage } from '../contract/responses.ts';

export function toResponsesUsage(usage: Usage | undefined): ResponsesUsage | null {
  if (!usage) return null;
  const { prompt_tokens, completion_tokens, total_tokens, prompt_tokens_details, completion_tokens_details } = usage;
  const written = prompt_tokens_details?.cache_write_tokens;
  return {
    input_tokens: prompt_tokens,
    input_tokens_details: {
      cached_tokens: prompt_tokens_details?.cached_tokens ?? 0,
      ...(written !== undefined && { cache_write_tokens: written }),
    },
    output_tokens: completion_tokens,
    output_tokens_details: { reasoning_tokens: completion_tokens_details?.reasoning_tokens ?? 0 },
    total_tokens,
  };
}

/** The way back, for limits and prices. */
export function toUsage(usage: ResponsesUsage | null | undefined): Usage | undefined {
  if (!usage) return undefined;
  const { input_tokens, input_tokens_details, output_tokens, output_tokens_details, total_tokens } = usage;
  // A server may say anything.
  if (![input_tokens, output_tokens, total_tokens].every(Number.isFinite)) return undefined;
  return {
    prompt_tokens: input_tokens,
    completion_tokens: output_tokens,
    total_tokens,
    ...(input_tokens_details && { prompt_tokens_details: input_tokens_details }),
    ...(output_tokens_details && { completion_tokens_details: output_tokens_details }),
  };
}
