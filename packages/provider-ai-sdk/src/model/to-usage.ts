import type { Usage } from '@anyllm/core';
import type { JsonObject, ModelUsage } from '../specification.ts';

export function toUsage(usage: Usage | undefined | null): ModelUsage {
  const { prompt_tokens: prompt, completion_tokens: completion } = usage ?? {};
  const { cached_tokens: cached, cache_write_tokens: written } = usage?.prompt_tokens_details ?? {};
  const reasoning = usage?.completion_tokens_details?.reasoning_tokens;
  return {
    inputTokens: {
      total: prompt,
      noCache: prompt === undefined ? undefined : prompt - (cached ?? 0) - (written ?? 0),
      cacheRead: cached,
      cacheWrite: written,
    },
    outputTokens: {
      total: completion,
      text: completion === undefined ? undefined : completion - (reasoning ?? 0),
      reasoning,
    },
    ...(usage && { raw: { ...usage } as JsonObject }),
  };
}
