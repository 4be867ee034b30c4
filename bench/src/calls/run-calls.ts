import type { CaseName } from '../cases/index.ts';
import { type ContestantName, contestants } from '../contestants/index.ts';
import { toFailure } from '../markdown.ts';
import { runScript } from '../run-script.ts';
import type { Upstream } from '../start-upstream.ts';
import { compare, type Measurement, type Result } from './comparison.ts';

export interface CallOptions {
  cases: CaseName[];
  contestants: ContestantName[];
  rounds: number;
  /** 1 for the full number of calls. */
  scale: number;
}

interface Record {
  contestant: ContestantName;
  measurements: Measurement[];
  /** Why it could not go on. */
  reason?: string;
}

/** These differ by little and are measured in every round, the others in the first few. */
const inEveryRound: ContestantName[] = ['floor', 'ours'];
const roundsOfOthers = 3;

/** What a call costs: a result for each case and contestant. */
export async function runCalls(options: CallOptions, upstream: Upstream): Promise<Result[]> {
  const results = [];
  for (const name of options.cases) results.push(...(await runCase(name, options, upstream)));
  return results;
}

/** Round by round, each contestant once: what else the machine does meets all of them alike. */
async function runCase(caseName: CaseName, options: CallOptions, upstream: Upstream): Promise<Result[]> {
  const { rounds, scale } = options;
  const records = withFloors(options.contestants).map((contestant): Record => ({ contestant, measurements: [] }));
  for (let round = 1; round <= rounds; round += 1) {
    for (const record of records) {
      const { contestant, measurements, reason } = record;
      if (reason !== undefined || (round > roundsOfOthers && !inEveryRound.includes(contestant))) continue;
      try {
        measurements.push({ round, ...(await measure(caseName, contestant, scale, upstream)) });
      } catch (error) {
        record.reason = toFailure(error);
      }
      const figure = measurements.at(-1)?.figure.toFixed(2);
      console.error(`${caseName} ${round}/${rounds} ${contestant}: ${record.reason ?? figure}`);
    }
  }
  return records.map((record) => toResult(caseName, record, records));
}

/** In the order of the table. */
function withFloors(chosen: ContestantName[]): ContestantName[] {
  const needed = new Set<ContestantName>([...chosen, ...chosen.map((name) => contestants[name].floor)]);
  return (Object.keys(contestants) as ContestantName[]).filter((name) => needed.has(name));
}

async function measure(caseName: CaseName, contestant: ContestantName, scale: number, upstream: Upstream) {
  await upstream.openedConnections(); // those of a contestant that failed are not counted for the next
  const figure = Number(await runScript('calls/measure-call.ts', caseName, contestant, upstream.origin, String(scale)));
  return { figure, opened: await upstream.openedConnections() };
}

function toResult(caseName: CaseName, { contestant, measurements, reason }: Record, records: Record[]): Result {
  const floor = records.find((record) => record.contestant === contestants[contestant].floor) as Record;
  const failure = reason ?? floor.reason;
  if (failure !== undefined) return { caseName, contestant, reason: failure };
  return compare({ caseName, contestant }, measurements, floor.measurements);
}
