import { type CaseName, cases } from '../cases/index.ts';
import type { ContestantName } from '../contestants/index.ts';
import { median } from '../statistics.ts';

export interface Measurement {
  round: number;
  /** In the unit of the case. */
  figure: number;
  /** Connections over the whole run. */
  opened: number;
}

/** A contestant in a case, beside the floor in the same rounds. */
export interface Comparison {
  caseName: CaseName;
  contestant: ContestantName;
  /** Medians over the rounds. */
  figure: number;
  floor: number;
  /** The one against the other, as the budget counts it: a ratio or a difference. The range is that of single rounds. */
  over: number;
  range: [number, number];
  /** The most in any round. */
  socketsPerCall: number;
}

/** A contestant that could not do a case. */
export interface Failure {
  caseName: CaseName;
  contestant: ContestantName;
  /** A cell of the table. */
  reason: string;
}

export type Result = Comparison | Failure;

export function compare(
  { caseName, contestant }: Pick<Result, 'caseName' | 'contestant'>,
  measurements: Measurement[],
  floorMeasurements: Measurement[],
): Comparison {
  const { budget, inFlight } = cases[caseName];
  const over = (figure: number, floor: number) => ('times' in budget ? figure / floor : figure - floor);
  const rounds = measurements.map(({ round }) => round);
  const floors = floorMeasurements.filter(({ round }) => rounds.includes(round)).map(({ figure }) => figure);
  const figures = measurements.map(({ figure }) => figure);
  const perRound = figures.map((figure, at) => over(figure, floors[at] as number));
  return {
    caseName,
    contestant,
    figure: median(figures),
    floor: median(floors),
    over: over(median(figures), median(floors)),
    range: [Math.min(...perRound), Math.max(...perRound)],
    socketsPerCall: Math.max(...measurements.map(({ opened }) => opened)) / inFlight,
  };
}
