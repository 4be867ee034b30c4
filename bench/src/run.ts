import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { cases } from './cases/index.ts';
import { runFootprint } from './footprint/run-footprint.ts';
import { runScale } from './scale/run-scale.ts';
import { startUpstream, type Upstream } from './start-upstream.ts';
import { type Measurement, type Row, toRow, toTable } from './table.ts';
import { runUtilities } from './utilities/run-utilities.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true, // instead of the cost of calls: `scale`, `utilities` or `footprint`
  options: {
    /** How often everything is measured; medians are printed. */
    rounds: { type: 'string', default: '5' },
    /** Which rows, by name; all when it is not given. */
    case: { type: 'string', multiple: true, default: Object.keys(cases) },
    /** A tenth of the calls, twice: to see that it works. */
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

const execute = promisify(execFile);
const script = fileURLToPath(new URL('./measure.ts', import.meta.url));
const contestants = ['floor', 'anyllm'];
const rounds = options.quick ? 2 : Number(options.rounds);
const scale = options.quick ? 0.1 : 1;

await using upstream = await startUpstream();
if (positionals[0] === 'scale') await runScale(upstream.origin);
else if (positionals[0] === 'utilities') await runUtilities();
else if (positionals[0] === 'footprint') await runFootprint();
else {
  const rows: Row[] = [];
  for (const name of options.case) rows.push(await measureCase(name, upstream));
  console.log(options.json ? JSON.stringify(rows, null, 2) : toTable(rows));
}

/** Round by round, each contestant once: what else the machine does meets all of them alike. */
async function measureCase(name: string, upstream: Upstream): Promise<Row> {
  const measurements: Measurement[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    for (const contestant of contestants) {
      measurements.push({ round, contestant, ...(await measure(name, contestant, upstream)) });
      console.error(`${name} ${round}/${rounds} ${contestant}: ${measurements.at(-1)?.figure.toFixed(2)}`);
    }
  }
  return toRow(name, measurements);
}

async function measure(
  name: string,
  contestant: string,
  upstream: Upstream,
): Promise<{ figure: number; opened: number }> {
  const { stdout } = await execute(process.execPath, [script, name, contestant, upstream.origin, String(scale)]);
  return { figure: Number(stdout), opened: await upstream.openedConnections() };
}
