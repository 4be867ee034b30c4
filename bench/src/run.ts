import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { runCalls } from './calls/run-calls.ts';
import { toBudgetTable, toContestantTable } from './calls/tables.ts';
import { cases } from './cases/index.ts';
import { contestants } from './contestants/index.ts';
import { runEmbeddings } from './embeddings/run-embeddings.ts';
import { runFootprint } from './footprint/run-footprint.ts';
import { tellsFailure } from './markdown.ts';
import { toResults } from './results/to-results.ts';
import { runScale } from './scale/run-scale.ts';
import { startUpstream, type Upstream } from './start-upstream.ts';
import { runUtilities } from './utilities/run-utilities.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true, // one of the commands below
  options: {
    /** How often everything is measured; medians are printed. */
    rounds: { type: 'string', default: '5' },
    /** Which columns and which rows, by name, with commas between; all when it is not given. */
    case: { type: 'string', multiple: true },
    contestants: { type: 'string', multiple: true },
    /** A tenth of the calls, twice: to see that it works. */
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

const options = {
  cases: chosen(values.case, cases),
  contestants: chosen(values.contestants, contestants),
  rounds: values.quick ? 2 : Number(values.rounds),
  scale: values.quick ? 0.1 : 1,
};

if (!(options.rounds >= 1)) throw new Error('--rounds takes a number from 1');

const commands = {
  calls: measureCalls,
  scale: ({ origin }: Upstream) => runScale(origin),
  utilities: runUtilities,
  embeddings: runEmbeddings,
  footprint: runFootprint,
  results: writeResults,
};

const [name = 'calls'] = chosen(positionals, commands); // what a call costs, unless another is named
await using upstream = await startUpstream();
const output = await commands[name](upstream);
console.log(output);
if (tellsFailure(output)) process.exitCode = 1;

async function measureCalls(upstream: Upstream): Promise<string> {
  const results = await runCalls(options, upstream);
  if (values.json) return JSON.stringify(results, null, 2);
  return [toBudgetTable(results), toContestantTable(results)].join('\n\n').trim();
}

/** With `--quick` it is only printed. */
async function writeResults(upstream: Upstream): Promise<string> {
  const results = await toResults(options, upstream);
  if (!values.quick) await writeFile(new URL('../RESULTS.md', import.meta.url), results);
  return results;
}

function chosen<Name extends string>(names: string[] | undefined, known: Record<Name, unknown>): Name[] {
  const all = Object.keys(known) as Name[];
  if (names === undefined) return all;
  return names
    .flatMap((list) => list.split(','))
    .map((name) => {
      if (!all.includes(name as Name)) throw new Error(`${name} is none of ${all.join(', ')}`);
      return name as Name;
    });
}
