import type { Usage } from '../contract/chat-completion.ts';
import type { MessagesUsage } from '../contract/messages.ts';

const nothingUsed: MessagesUsage = {
  input_tokens: 0,
  cache_creation_input_tokens: null,
  cache_read_input_tokens: null,
  output_tokens: 0,
};

/** What went through a cache is part of the prompt in chat, and beside it here. */
export function toMessagesUsage(usage: Usage | undefined): MessagesUsage {
  if (!usage) return nothingUsed;
  const { prompt_tokens, completion_tokens, prompt_tokens_details, completion_tokens_details } = usage;
  const cached = prompt_tokens_details?.cached_tokens ?? 0;
  const written = prompt_tokens_details?.cache_write_tokens ?? 0;
  const thinking = completion_tokens_details?.reasoning_tokens;
  return {
    input_tokens: Math.max(0, prompt_tokens - cached - written),
    cache_creation_input_tokens: written || null,
    cache_read_input_tokens: cached || null,
    output_tokens: completion_tokens,
    ...(thinking !== undefined && { output_tokens_details: { thinking_tokens: thinking } }),
  };
}

/** The way back, for limits and prices. */
export function toUsage(usage: MessagesUsage): Usage {
  const { input_tokens, cache_creation_input_tokens, cache_read_input_tokens, output_tokens } = usage;
  const written = cache_creation_input_tokens ?? 0;
  const cached = cache_read_input_tokens ?? 0;
  const prompt = input_tokens + written + cached;
  return {
    prompt_tokens: prompt,
    completion_tokens: output_tokens,
    total_tokens: prompt + output_tokens,
    prompt_tokens_details: { cached_tokens: cached, cache_write_tokens: written },
  };
}
