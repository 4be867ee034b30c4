import type { Random } from './random.ts';

interface LogprobsSettings {
  /** What is scripted; for the rest something is made up. */
  given: readonly number[] | undefined;
  /** How many alternatives each token shows, itself among them. */
  top: number;
  random: Random;
}

/** The log probabilities of some tokens, the first of which is at `position` in the answer. */
export function toLogprobs(tokens: readonly string[], position: number, settings: LogprobsSettings): object[] {
  const { given, top, random } = settings;
  return tokens.map((token, i) => {
    const logprob = given?.[position + i] ?? -random.below(2000) / 1000;
    const entry = { token, logprob, bytes: [...Buffer.from(token)] };
    const top_logprobs = Array.from({ length: top }, (_, rank) => (rank === 0 ? entry : alternative(logprob, rank)));
    return { ...entry, top_logprobs };
  });
}

function alternative(logprob: number, rank: number): object {
  return { token: ` ${rank}`, logprob: logprob - rank, bytes: [...Buffer.from(` ${rank}`)] };
}
