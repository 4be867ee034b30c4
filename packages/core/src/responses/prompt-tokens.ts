import type { ResponsesParameters } from '../contract/responses.ts';

const charactersPerToken = 4;

/** What a request holds, as roughly as for completions. */
export function promptTokens({ input, instructions, tools }: ResponsesParameters): number {
  const characters = lengthOf(input) + lengthOf(instructions) + lengthOf(tools);
  return Math.ceil(characters / charactersPerToken);
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  try {
    return value ? JSON.stringify(value).length : 0;
  } catch {
    return 0; // a circle or a BigInt: an error where it is sent
  }
}
