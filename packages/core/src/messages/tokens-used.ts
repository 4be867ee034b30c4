import type { MessagesUsage } from '../contract/messages.ts';
import type { TokensUsed } from '../policy/attempt.ts';

/** All tokens of a message, which the shape counts apart. */
export function tokensUsed(usage: MessagesUsage): TokensUsed {
  const { input_tokens, cache_creation_input_tokens, cache_read_input_tokens, output_tokens } = usage;
  const input = input_tokens + (cache_creation_input_tokens ?? 0) + (cache_read_input_tokens ?? 0);
  return { total_tokens: input + output_tokens };
}
