import { toTable, toVerdict } from '../markdown.ts';
import { runScript } from '../run-script.ts';
import { median } from '../statistics.ts';

/** By name; ours have a budget, in nanoseconds. */
const utilities: Record<string, number | undefined> = {
  mapConcurrent: 150,
  'p-map': undefined,
  createLimiter: 400,
  'p-limit': undefined,
  'p-queue': undefined,
};
const rounds = 5;

/** Microseconds of a step of `runTools`, everything included. */
const toolStepBudget = 150;

/** What the utilities take beside those that others use, a loop of tools, and reading JSON while it comes. In Markdown. */
export async function runUtilities(): Promise<string> {
  const partialJson = await runScript('utilities/measure-partial-json.ts');
  return `${await measureItems()}\n\n${await measureToolLoops()}\n\n${partialJson.trim()}`;
}

/** Ten steps, by the library's loop and by one written by hand on its plain calls. */
async function measureToolLoops(): Promise<string> {
  const rows = [['ten calls of a tool, one after another', 'per step', 'by hand', 'the loop itself', 'budget']];
  for (const name of ['ours', 'ai']) {
    const results: { loop: number; byHand: number }[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      results.push(JSON.parse(await runScript('utilities/measure-tool-loop.ts', name)));
      console.error(`tool loop ${name} ${round}/${rounds}`);
    }
    const loop = median(results.map((result) => result.loop));
    const byHand = median(results.map((result) => result.byHand));
    const budget = name === 'ours' ? toVerdict(loop, toolStepBudget, inMicroseconds) : '';
    rows.push([name, inMicroseconds(loop), inMicroseconds(byHand), inMicroseconds(loop - byHand), budget]);
  }
  return toTable(rows);
}

/** 10,000 items that take no time. */
async function measureItems(): Promise<string> {
  const times = new Map<string, number[]>(Object.keys(utilities).map((name) => [name, []]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const [name, list] of times) list.push(Number(await runScript('utilities/measure-utility.ts', name)));
    console.error(`utilities ${round}/${rounds}`);
  }
  const rows = [...times].map(([name, list]) => toRow(name, median(list), utilities[name]));
  return toTable([['10,000 items, 100 at once', 'time per item', 'budget'], ...rows]);
}

function toRow(name: string, time: number, budget?: number): string[] {
  return [name, inNanoseconds(time), budget === undefined ? '' : toVerdict(time, budget, inNanoseconds)];
}

function inMicroseconds(time: number): string {
  return `${time.toFixed(0)} µs`;
}

function inNanoseconds(time: number): string {
  return `${time.toFixed(0)} ns`;
}
