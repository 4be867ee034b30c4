import type { Warning } from '../contract/call-meta.ts';
import type { EmbeddingResult, EmbeddingUsage } from '../contract/embedding.ts';

/** The sum, where every one of them states its own: less would pass for the whole. */
export function sumUsage(answers: readonly Pick<EmbeddingResult, 'usage'>[]): EmbeddingUsage | undefined {
  const sum: EmbeddingUsage = { prompt_tokens: 0, total_tokens: 0 };
  for (const { usage } of answers) {
    if (!usage) return undefined;
    sum.prompt_tokens += usage.prompt_tokens;
    sum.total_tokens += usage.total_tokens;
  }
  return sum;
}

/** The same is told of every part. */
export function withoutRepeats(warnings: readonly Warning[]): Warning[] {
  return [...new Map(warnings.map((warning) => [warning.message, warning])).values()];
}
