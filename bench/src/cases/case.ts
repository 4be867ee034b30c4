import type { Contestant } from '../contestants/contestant.ts';

/** A row of the table. */
export interface Case {
  title: string;
  unit: string;
  /** What ours may cost: so many times the floor's figure, or so much more than it. */
  budget: { times: number } | { plus: number };
  /** Which answer the upstream gives. */
  answer: string;
  inFlight: number;
  /**
   * Warms up and measures, in a fresh process.
   * @param scale 1 for the full number of calls
   */
  measure(contestant: Contestant, scale: number): Promise<number>;
}
