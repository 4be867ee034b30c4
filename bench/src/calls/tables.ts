import { type CaseName, cases } from '../cases/index.ts';
import type { ContestantName } from '../contestants/index.ts';
import { toTable, toVerdict } from '../markdown.ts';
import type { Comparison, Result } from './comparison.ts';

/** Every contestant beside the floor of its protocol. */
export function toContestantTable(results: Result[]): string {
  const caseNames = [...new Set(results.map(({ caseName }) => caseName))];
  const contestants = [...new Set(results.map(({ contestant }) => contestant))];
  const head = caseNames.map((name) => `${cases[name].title} (${cases[name].unit})`);
  return toTable([
    ['', ...head, 'sockets per call in flight'],
    ...contestants.map((contestant) => toContestantRow(contestant, results, caseNames)),
  ]);
}

function toContestantRow(contestant: ContestantName, results: Result[], caseNames: CaseName[]): string[] {
  const own = results.filter((result) => result.contestant === contestant);
  const cells = caseNames.map((name) => toCell(own.find((result) => result.caseName === name) as Result));
  const sockets = own.filter((result) => 'figure' in result).map(({ socketsPerCall }) => socketsPerCall.toFixed(2));
  const [fewest, most] = [sockets.toSorted().at(0), sockets.toSorted().at(-1)];
  return [contestant, ...cells, fewest === most ? (fewest ?? '') : `${fewest} … ${most}`];
}

function toCell(result: Result): string {
  if ('reason' in result) return result.reason;
  const figure = result.figure.toFixed(result.figure < 100 ? 1 : 0);
  return result.contestant.startsWith('floor') ? figure : `${figure}, ${showOver(result, result.over)}`;
}

/** Ours beside what it may cost; nothing when ours was not measured. */
export function toBudgetTable(results: Result[]): string {
  const ours = results.filter(({ contestant }) => contestant === 'ours');
  if (ours.length === 0) return '';
  return toTable([['', 'unit', 'floor', 'ours', 'over the floor', 'rounds', 'budget'], ...ours.map(toBudgetRow)]);
}

function toBudgetRow(result: Result): string[] {
  const { title, unit, budget } = cases[result.caseName];
  if ('reason' in result) return [title, unit, '', result.reason];
  const { figure, floor, over, range } = result;
  const show = (value: number) => showOver(result, value);
  const limit = 'times' in budget ? budget.times : budget.plus;
  return [
    title,
    unit,
    floor.toFixed(2),
    figure.toFixed(2),
    show(over),
    range.map(show).join(' … '),
    toVerdict(over, limit, show),
  ];
}

function showOver({ caseName }: Comparison, value: number): string {
  if ('times' in cases[caseName].budget) return `${value.toFixed(2)} ×`;
  return `${value >= 0 ? '+' : ''}${value.toFixed(0)} µs`;
}
