import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Surroundings } from './check-project.ts';
import { createProject } from './create-project.ts';
import { install } from './installers.ts';
import type { Tarball } from './pack-packages.ts';
import type { Report } from './report.ts';
import { runCommand } from './run-command.ts';

export const dialects = ['openai', 'http'] as const;
const steps = ['typecheck', 'test', 'build'];

/** Has a provider of each kind written, outside the workspace, and does with it what its author will do first. */
export async function checkCreate(
  chosen: readonly (typeof dialects)[number][],
  tarballs: Tarball[],
  surroundings: Surroundings,
  report: Report,
): Promise<void> {
  const command = await installCreate(tarballs, surroundings);
  for (const dialect of chosen) {
    const project = join(surroundings.folder, 'created', dialect);
    const name = `my-${dialect}`;
    await runCommand(command, [name, '--dialect', dialect, '--directory', project], { cwd: surroundings.folder });
    await installDependencies(project, surroundings);
    const outcomes: Record<string, string> = {};
    for (const step of steps) outcomes[step] = await outcomeOf(step, project);
    outcomes.import = await importBuilt(project, name, surroundings);
    report.add({ 'created provider': dialect }, outcomes);
  }
}

/** Returns the command. */
async function installCreate(tarballs: Tarball[], { folder, registry }: Surroundings): Promise<string> {
  const tarball = tarballs.find(({ manifest }) => manifest.name === 'create-anyllm-provider');
  if (!tarball) throw new Error('create-anyllm-provider was not packed');
  const project = await createProject(join(folder, 'create'), { registry });
  await install('npm', [tarball.path], { folder: project, cache: join(folder, 'cache') });
  return join(project, 'node_modules/.bin/create-anyllm-provider');
}

async function installDependencies(project: string, { folder }: Surroundings): Promise<void> {
  await cp(join(folder, 'create/.npmrc'), join(project, '.npmrc'));
  await install('npm', [], { folder: project, cache: join(folder, 'cache') });
}

async function outcomeOf(step: string, project: string): Promise<string> {
  return complaintOf(runCommand('npm', ['run', step], { cwd: project }));
}

/** Core finds the package by its name, once it is installed beside. */
async function importBuilt(project: string, name: string, { folder }: Surroundings): Promise<string> {
  const consumer = join(folder, 'npm');
  const call = `completion({ model: '${name}/m', prompt: 'Hi' }).catch((error) => console.log(error.code))`;
  return complaintOf(
    install('npm', [project], { folder: consumer, cache: join(folder, 'cache') }).then(async () => {
      const program = `import { completion } from '@anyllm/core'; await ${call};`;
      const args = ['--input-type=module', '--eval', program];
      const code = await runCommand(process.execPath, args, { cwd: consumer });
      if (code.trim() !== 'missing_api_key') throw new Error(`instead of a missing key: ${code}`);
    }),
  );
}

async function complaintOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => '',
    (error) => (error instanceof Error ? error.message : String(error)),
  );
}
