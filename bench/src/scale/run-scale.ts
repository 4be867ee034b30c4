import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { toFailure, toTable, toVerdict } from '../markdown.ts';
import { runScriptOn } from '../run-script.ts';
import { median } from '../statistics.ts';

const execute = promisify(execFile);
const rounds = 3;
const ours = ['floor', 'ours'];
/** The newest Node and the oldest that the packages support: much of the peak is the room that V8 gives to young objects. */
const newest = process.execPath;
const oldest = fileURLToPath(new URL('../../../tools/node-floor/node_modules/.bin/node', import.meta.url));
const settings = [
  { streams: 2_000, node: newest, contestants: [...ours, 'openai', 'ai'] },
  { streams: 2_000, node: oldest, contestants: ours },
  { streams: 10_000, node: newest, contestants: ours },
];
/** Bytes for each of 2,000 streams. */
const budgets = { live: 22_000, peak: 55_000 };

/** What many streams and many items take, in Markdown. */
export async function runScale(origin: string): Promise<string> {
  return `${await measureStreams(origin)}\n\n${await measureItems()}`;
}

async function measureStreams(origin: string): Promise<string> {
  const rows = [['streams open at once', 'Node', '', 'live heap per stream', 'peak memory per stream', 'budget']];
  for (const { streams, node, contestants } of settings) {
    const version = (await execute(node, ['-p', 'process.versions.node'])).stdout.trim();
    for (const name of contestants) {
      rows.push([`${streams}`, version, name, ...(await openStreams(node, name, origin, streams))]);
    }
  }
  return toTable(rows);
}

async function openStreams(node: string, contestant: string, origin: string, streams: number): Promise<string[]> {
  try {
    const results = await repeat(node, 'open-streams.ts', contestant, origin, `${streams}`);
    const [live, peak] = ['live', 'peak'].map((name) => median(results.map((result) => result[name])));
    const cells = [inKilobytes(live), inKilobytes(peak)];
    return contestant === 'ours' && streams === 2_000 ? [...cells, toBudget(live, peak)] : cells;
  } catch (error) {
    return [toFailure(error)];
  }
}

function toBudget(live = Number.NaN, peak = Number.NaN): string {
  return `${toVerdict(live, budgets.live, inKilobytes)}, ${toVerdict(peak, budgets.peak, inKilobytes)}`;
}

async function measureItems(): Promise<string> {
  const rows = [['1,000,000 items', 'time per item', 'heap after 100,000', 'heap after 900,000']];
  for (const utility of ['mapConcurrent', 'gather']) {
    const results = await repeat(newest, 'many-items.ts', utility);
    const [early, late] = [0, 1].map((at) => median(results.map(({ grown }) => grown[at])));
    const nanoseconds = median(results.map((result) => result.nanoseconds));
    rows.push([utility, `${nanoseconds.toFixed(0)} ns`, inKilobytes(early), inKilobytes(late)]);
  }
  return toTable(rows);
}

async function repeat(node: string, script: string, ...args: string[]) {
  const results = [];
  for (let round = 1; round <= rounds; round += 1) {
    results.push(JSON.parse(await runScriptOn(node, `scale/${script}`, ...args)));
    console.error(`${[script, ...args].join(' ')} ${round}/${rounds}`);
  }
  return results;
}

function inKilobytes(bytes = Number.NaN): string {
  return `${(bytes / 1000).toFixed(1)} KB`;
}
