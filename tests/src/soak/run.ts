import { parseArgs } from 'node:util';
import { countLiving, type Living } from './living.ts';
import { scenarios } from './scenarios.ts';
import { slopeOf } from './slope.ts';
import { createSoakClient } from './soak-client.ts';
import { startServer } from './start-server.ts';
import { Workload } from './workload.ts';

// Mixed use for as long as is asked for, in rounds. After each round everything has ended, and what is still in the heap
// is counted: a call that leaves something behind shows as a slope over the calls.

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    /** How many calls are under way at once. */
    workers: { type: 'string', default: '32' },
    /** Only this scenario; may be repeated. */
    scenario: { type: 'string', multiple: true, default: Object.keys(scenarios) },
  },
});

const rounds = 60;
/** Until code is compiled and caches are full. */
const warmUpRounds = 20;
/** In bytes per call: in an hour a leak of one small object in a hundred calls is found. */
const toleratedSlope = 1;
/** What code that is compiled late takes in a run of a minute, in bytes. */
const toleratedGrowth = 500_000;

const failures = new Set<string>();
process.on('warning', ({ name, stack }) => {
  if (name !== 'ExperimentalWarning') failures.add(`a warning: ${stack}`); // that one is about counting objects
});
process.on('unhandledRejection', (reason) => failures.add(`an unhandled rejection: ${reason}`));

const shared = new AbortController().signal;
const server = await startServer();
console.log(`mixed use for ${options.minutes} min`); // makes stdout, which may be a socket too
const before = countLiving(shared);
const workload = new Workload({ client: createSoakClient(server.baseURL), signal: shared, names: options.scenario });
const samples = [];
for (let round = 1; round <= rounds; round += 1) samples.push(await runRound(round));
expectNone('connections to the server', await server.whenClosed('sockets'));
const after = countLiving(shared);
for (const what of ['sockets', 'timers', 'signals', 'listeners'] as const) {
  expectNone(`${what} in the heap`, after[what] - before[what]);
}
await server[Symbol.asyncDispose]();

const measured = samples.slice(warmUpRounds).map(({ calls, heapBytes }) => ({ x: calls, y: heapBytes }));
const slope = slopeOf(measured);
const grown = slope.perX * (workload.calls - (measured[0]?.x ?? 0));
// Above zero beyond doubt, by three standard errors, and of some size.
if (slope.perX - 3 * slope.error > toleratedSlope && grown > toleratedGrowth) failures.add('the heap grows');
for (const error of workload.untyped) failures.add(`an untyped error: ${error}`);

for (const [name, endings] of workload.endings) console.log(`${name}: ${describeEndings(endings)}`);
console.log(`heap: ${slope.perX.toFixed(2)} ± ${slope.error.toFixed(2)} bytes per call over ${workload.calls} calls`);
console.log(`left in the heap: ${JSON.stringify(after)}`);
for (const failure of failures) console.error(`FAILED: ${failure}`);
if (failures.size > 0) process.exitCode = 1;
// Whatever holds the process now should not: it ends by itself before this.
setTimeout(() => {
  console.error(`FAILED: the process does not end, held by ${process.getActiveResourcesInfo()}`);
  process.exit(1);
}, 5_000).unref();

async function runRound(round: number): Promise<Living & { calls: number }> {
  const until = performance.now() + (Number(options.minutes) * 60_000) / rounds;
  await Promise.all(Array.from({ length: Number(options.workers) }, () => workload.run(until)));
  expectNone('exchanges with the server after a round', await server.whenClosed('exchanges'));
  const sample = { calls: workload.calls, ...countLiving(shared) };
  if (round % 10 === 0) console.log(`round ${round} of ${rounds}: ${JSON.stringify(sample)}`);
  return sample;
}

function expectNone(what: string, count: number): void {
  if (count > 0) failures.add(`${count} ${what}`);
}

function describeEndings(endings: Map<string, number>): string {
  return [...endings].map(([ending, count]) => `${ending} ${count}`).join(', ');
}
