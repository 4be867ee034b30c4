/** One way to call a model, as short as its own documentation shows it. */
export interface Contestant {
  /** Asks for a whole answer and returns its text. */
  whole(): Promise<string>;
  /** Asks for a stream and returns its text, having told of the first piece. */
  stream(onFirstText: () => void): Promise<string>;
}

export type CreateContestant = (settings: ContestantSettings) => Contestant;

export interface ContestantSettings {
  /** The address up to and without `/v1/chat/completions` or `/api/chat`. */
  serverURL: string;
  inFlight: number;
}

export const question = {
  model: 'gpt-4o-mini',
  messages: [
    { role: 'system', content: 'You are a helpful assistant.' },
    { role: 'user', content: 'Write a sentence of two hundred words.' },
  ],
  temperature: 0.7,
  max_tokens: 400,
} as const;
