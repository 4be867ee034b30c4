import type { Case } from './cases/case.ts';
import { cases } from './cases/index.ts';
import { median } from './statistics.ts';

export interface Measurement {
  round: number;
  contestant: string;
  /** In the unit of the case. */
  figure: number;
  /** Connections over the whole run. */
  opened: number;
}

export interface Row {
  name: string;
  title: string;
  unit: string;
  /** Medians over the rounds. */
  floor: number;
  ours: number;
  /** Ours against the floor, as the budget counts it: a ratio or a difference. The range is that of single rounds. */
  over: number;
  range: [number, number];
  budget: Case['budget'];
  withinBudget: boolean;
  /** The most in any round. */
  socketsPerCall: { floor: number; ours: number };
}

export function toRow(name: string, measurements: Measurement[]): Row {
  const { title, unit, budget, inFlight } = cases[name] as Case;
  const of = (contestant: string) => measurements.filter((measurement) => measurement.contestant === contestant);
  const [floors, ours] = [of('floor'), of('anyllm')];
  const compare = (ours: number, floor: number) => ('times' in budget ? ours / floor : ours - floor);
  const perRound = ours.map(({ figure }, at) => compare(figure, floors[at]?.figure ?? Number.NaN));
  const [floor, our] = [floors, ours].map((list) => median(list.map(({ figure }) => figure))) as [number, number];
  const sockets = (list: Measurement[]) => Math.max(...list.map(({ opened }) => opened)) / inFlight;
  const over = compare(our, floor);
  return {
    name,
    title,
    unit,
    floor,
    ours: our,
    over,
    range: [Math.min(...perRound), Math.max(...perRound)],
    budget,
    withinBudget: over <= ('times' in budget ? budget.times : budget.plus),
    socketsPerCall: { floor: sockets(floors), ours: sockets(ours) },
  };
}

const heading = ['', 'unit', 'floor', 'ours', 'over the floor', 'rounds', 'budget', 'sockets per call'];

/** In Markdown. */
export function toTable(rows: Row[]): string {
  const lines = [heading, ...rows.map(toCells)];
  const widths = heading.map((_, column) => Math.max(...lines.map((cells) => (cells[column] as string).length)));
  const [head, ...body] = lines.map(
    (cells) => `| ${cells.map((cell, at) => cell.padEnd(widths[at] as number)).join(' | ')} |`,
  );
  return [head, `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...body].join('\n');
}

function toCells({ title, unit, floor, ours, over, range, budget, withinBudget, socketsPerCall }: Row): string[] {
  const compared = (value: number) =>
    'times' in budget ? `${value.toFixed(2)} ×` : `${value >= 0 ? '+' : ''}${value.toFixed(0)} µs`;
  return [
    title,
    unit,
    floor.toFixed(2),
    ours.toFixed(2),
    compared(over),
    range.map(compared).join(' … '),
    `≤ ${compared('times' in budget ? budget.times : budget.plus)}${withinBudget ? '' : ' MISSED'}`,
    `${socketsPerCall.floor.toFixed(2)}, ours ${socketsPerCall.ours.toFixed(2)}`,
  ];
}
