import type { AnswerName } from '../answers/index.ts';
import type { Contestant } from '../contestants/contestant.ts';

/** A column of the table. */
export interface Case {
  title: string;
  unit: string;
  /** What ours may cost: so many times the floor's figure, or so much more than it. */
  budget: { times: number } | { plus: number };
  /** Which answer the upstream gives. */
  answer: AnswerName;
  inFlight: number;
  /** Whether the server waits with each packet until the one before has been read. */
  paced: boolean;
  /** Warms up and measures, in a fresh process. */
  measure(contestant: Contestant, settings: CaseSettings): Promise<number>;
}

export interface CaseSettings {
  /** 1 for the full number of calls. */
  scale: number;
  /** How many events bring the answer. */
  events: number;
}
