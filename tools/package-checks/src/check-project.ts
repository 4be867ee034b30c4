import { join } from 'node:path';
import { bundlePrograms } from './bundle-programs.ts';
import { createProject } from './create-project.ts';
import { type InstallerName, install } from './installers.ts';
import type { Report } from './report.ts';
import { importTime, runPrograms } from './run-programs.ts';
import type { Runtime } from './runtimes.ts';
import type { Registry } from './start-registry.ts';

export interface Surroundings {
  /** A folder to work in. */
  folder: string;
  registry: Registry;
}

/** A package manager, and what runs the programs of a project in which it has installed core and a provider. */
export interface Combination {
  installer: InstallerName;
  runtimes: Runtime[];
  /** The folder of the package manager's command, when that is not on the path. */
  bin?: string;
}

const programFiles = join(import.meta.dirname, '../programs');

/** Installs into an empty project and runs every program with every runtime. Returns the folder of the project. */
export async function checkProject(
  { installer, runtimes, bin }: Combination,
  { folder, registry }: Surroundings,
  report: Report,
): Promise<string> {
  const project = await createProject(join(folder, installer), { registry, files: programFiles });
  const names = ['@anyllm/core', '@anyllm/provider-openai'];
  await install(installer, names, { folder: project, cache: join(folder, 'cache', installer), bin });
  await bundlePrograms(project);
  for (const runtime of runtimes) {
    const outcomes = await runPrograms(project, runtime);
    const figures = { 'import ms': (await importTime(project, runtime)).toFixed(0) };
    report.add({ 'installed by': installer, 'run by': runtime.name }, outcomes, figures);
  }
  return project;
}
