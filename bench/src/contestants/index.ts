import type { Protocol } from '../answers/index.ts';

export type ContestantName = keyof typeof contestants;

const openai = { protocol: 'openai', floor: 'floor' } as const;
const mistral = { protocol: 'mistral', floor: 'floor-mistral' } as const;
const ollama = { protocol: 'ollama', floor: 'floor-ollama' } as const;

/** By the name of their file, in the order of the table: each is compared with the floor of its protocol. */
export const contestants = {
  floor: openai,
  ours: openai,
  fetch: openai,
  openai,
  ai: openai,
  langchain: openai,
  tanstack: openai,
  'floor-mistral': mistral,
  'ours-mistral': mistral,
  mistralai: mistral,
  'floor-ollama': ollama,
  'ours-ollama': ollama,
  ollama,
} satisfies Record<string, { protocol: Protocol; floor: `floor${string}` }>;
