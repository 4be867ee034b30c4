import { toFailure, toTable, toVerdict } from '../markdown.ts';
import { runScript } from '../run-script.ts';
import { median } from '../statistics.ts';

const rounds = 3;
const contestants: Record<number, string[]> = { 2000: ['floor', 'ours', 'openai', 'ai'], 10000: ['floor', 'ours'] };
/** Bytes for each of 2,000 streams. */
const budgets = { live: 22_000, peak: 55_000 };

/** What many streams and many items take, in Markdown. */
export async function runScale(origin: string): Promise<string> {
  return `${await measureStreams(origin)}\n\n${await measureItems()}`;
}

async function measureStreams(origin: string): Promise<string> {
  const rows = [['streams open at once', '', 'live heap per stream', 'peak memory per stream', 'budget']];
  for (const [streams, names] of Object.entries(contestants)) {
    for (const name of names) rows.push([streams, name, ...(await openStreams(name, origin, streams))]);
  }
  return toTable(rows);
}

async function openStreams(contestant: string, origin: string, streams: string): Promise<string[]> {
  try {
    const results = await repeat('open-streams.ts', contestant, origin, streams);
    const [live, peak] = ['live', 'peak'].map((name) => median(results.map((result) => result[name])));
    const cells = [inKilobytes(live), inKilobytes(peak)];
    return contestant === 'ours' && streams === '2000' ? [...cells, toBudget(live, peak)] : cells;
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
    const results = await repeat('many-items.ts', utility);
    const [early, late] = [0, 1].map((at) => median(results.map(({ grown }) => grown[at])));
    const nanoseconds = median(results.map((result) => result.nanoseconds));
    rows.push([utility, `${nanoseconds.toFixed(0)} ns`, inKilobytes(early), inKilobytes(late)]);
  }
  return toTable(rows);
}

async function repeat(script: string, ...args: string[]) {
  const results = [];
  for (let round = 1; round <= rounds; round += 1) {
    results.push(JSON.parse(await runScript(`scale/${script}`, ...args)));
    console.error(`${[script, ...args].join(' ')} ${round}/${rounds}`);
  }
  return results;
}

function inKilobytes(bytes = Number.NaN): string {
  return `${(bytes / 1000).toFixed(1)} KB`;
}
