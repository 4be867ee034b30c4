import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { overBudget } from './budgets.ts';
import { checkCreate, dialects } from './check-create.ts';
import { type Combination, checkProject, type Surroundings } from './check-project.ts';
import { checkTypes, compilers } from './check-types.ts';
import { measure } from './measure.ts';
import { packPackages } from './pack-packages.ts';
import { Report } from './report.ts';
import { bun, deno, installRuntimes, nodeRuntimes } from './runtimes.ts';
import { startRegistry } from './start-registry.ts';

const { values } = parseArgs({ options: { all: { type: 'boolean', default: false } } });

const folder = await mkdtemp(join(tmpdir(), 'anyllm-install-'));
try {
  const failures = await check(folder, values.all);
  for (const failure of failures) console.error(`\n${failure}`);
  process.exitCode = failures.length === 0 ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function check(folder: string, all: boolean): Promise<string[]> {
  await mkdir(join(folder, 'tarballs'));
  const tarballs = await packPackages(join(folder, 'tarballs'));
  await using registry = await startRegistry(tarballs);
  const surroundings = { folder, registry };

  const installs = new Report();
  const measured = await measure(await checkProjects(await combinations(folder, all), surroundings, installs));
  installs.print();
  console.table(measured);

  const types = new Report();
  await checkTypes(all ? compilers : ['5.4', '7.0'], surroundings, types);
  types.print();

  const created = new Report();
  await checkCreate(all ? dialects : ['openai'], tarballs, surroundings, created);
  created.print();
  return [...installs.failures, ...overBudget(measured), ...types.failures, ...created.failures];
}

async function combinations(folder: string, all: boolean): Promise<Combination[]> {
  const npm: Combination = { installer: 'npm', runtimes: await nodeRuntimes() };
  if (!all) return [npm];
  const bin = await installRuntimes(join(folder, 'runtimes'));
  return [
    { installer: 'pnpm', runtimes: npm.runtimes },
    { installer: 'bun', runtimes: [bun(bin)], bin },
    { installer: 'deno', runtimes: [deno(bin)], bin },
    npm,
  ];
}

/** One after another: side by side they would disturb each other's times. Returns the folder of the last. */
async function checkProjects(all: Combination[], surroundings: Surroundings, report: Report): Promise<string> {
  let project = '';
  for (const combination of all) project = await checkProject(combination, surroundings, report);
  return project;
}
