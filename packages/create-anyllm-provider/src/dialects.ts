/** What a server may speak; each has a template of this name. */
export const dialects = {
  openai: { label: 'OpenAI-compatible', says: "the server speaks OpenAI's chat completions" },
  http: { label: 'A protocol of its own', says: 'the server speaks a protocol of its own over HTTP' },
} as const;

export type Dialect = keyof typeof dialects;
