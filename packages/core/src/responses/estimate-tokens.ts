import type { ResponsesParameters } from '../contract/responses.ts';

const charactersPerToken = 4;
/** An answer whose length the request does not bound. */
const unboundedAnswerTokens = 1_000;

/** What a request will use, as roughly as for completions. */
export function estimateTokens({ input, instructions, tools, max_output_tokens }: ResponsesParameters): number {
  const asked = typeof input === 'string' ? input : JSON.stringify(input);
  const characters = asked.length + (instructions?.length ?? 0) + (tools ? JSON.stringify(tools).length : 0);
  return Math.ceil(characters / charactersPerToken + (max_output_tokens ?? unboundedAnswerTokens));
}
