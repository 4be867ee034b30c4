import type { Usage } from '../contract/chat-completion.ts';

/** The sum of two counts. A detail that only one of them states is taken as it is; one that neither states is absent. */
export function addUsage(a: Usage | undefined, b: Usage | undefined): Usage | undefined {
  if (!a || !b) return a ?? b;
  const promptDetails = addCounts(a.prompt_tokens_details, b.prompt_tokens_details);
  const completionDetails = addCounts(a.completion_tokens_details, b.completion_tokens_details);
  return {
    prompt_tokens: a.prompt_tokens + b.prompt_tokens,
    completion_tokens: a.completion_tokens + b.completion_tokens,
    total_tokens: a.total_tokens + b.total_tokens,
    ...(promptDetails && { prompt_tokens_details: promptDetails }),
    ...(completionDetails && { completion_tokens_details: completionDetails }),
  };
}

function addCounts<Counts extends Partial<Record<string, number>>>(
  a: Counts | undefined,
  b: Counts | undefined,
): Counts | undefined {
  if (!a || !b) return a ?? b;
  const sum: Partial<Record<string, number>> = { ...a };
  for (const [name, count = 0] of Object.entries(b)) sum[name] = (sum[name] ?? 0) + count;
  return sum as Counts;
}
