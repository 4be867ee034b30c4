import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Surroundings } from './check-project.ts';
import { createProject } from './create-project.ts';
import { install } from './installers.ts';
import type { Report } from './report.ts';
import { runCommand } from './run-command.ts';

export const compilers = ['5.4', '5.9', '6.0', '7.0'] as const;
export type Compiler = (typeof compilers)[number];

const packages = [
  'core',
  'provider-kit',
  'provider-mistral',
  'provider-ollama',
  'provider-openai',
  'provider-testing',
  'simulator',
];
const consumerFiles = join(import.meta.dirname, '../consumers');

/** As a careful user has it: strict, and with a look into our declarations. */
const strict = { strict: true, skipLibCheck: false, noEmit: true, target: 'es2022', lib: ['es2022'], types: ['node'] };
const resolutions = {
  nodenext: { module: 'nodenext' },
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
};

/** Compiles programs of users with several compilers; among them are lines that must not compile. */
export async function checkTypes(
  versions: readonly Compiler[],
  surroundings: Surroundings,
  report: Report,
): Promise<void> {
  const project = await createConsumer(versions, surroundings);
  for (const version of versions) {
    const nodenext = await complaintsOf(version, project, 'nodenext');
    const bundler = await complaintsOf(version, project, 'bundler');
    report.add({ compiler: `TypeScript ${version}` }, { nodenext, bundler });
  }
}

async function createConsumer(versions: readonly Compiler[], { folder, registry }: Surroundings): Promise<string> {
  const project = await createProject(join(folder, 'types'), { registry, files: consumerFiles });
  const ours = packages.map((name) => `@anyllm/${name}`);
  const theirs = versions.map((version) => `${aliasOf(version)}@npm:typescript@~${version}.0`);
  await install('npm', [...ours, ...theirs, '@types/node@22'], { folder: project, cache: join(folder, 'cache') });
  for (const [name, options] of Object.entries(resolutions)) {
    const config = { include: ['*.ts'], compilerOptions: { ...strict, ...options } };
    await writeFile(join(project, `tsconfig.${name}.json`), JSON.stringify(config));
  }
  return project;
}

function aliasOf(version: Compiler): string {
  return `typescript-${version}`;
}

/** The errors, one on each line. */
async function complaintsOf(version: Compiler, project: string, resolution: keyof typeof resolutions): Promise<string> {
  const compiler = join(project, 'node_modules', aliasOf(version), 'bin/tsc');
  try {
    await runCommand(process.execPath, [compiler, '--project', `tsconfig.${resolution}.json`], { cwd: project });
    return '';
  } catch (error) {
    const output = error instanceof Error ? error.message : String(error);
    const errors = output.split('\n').filter((line) => line.includes('error TS'));
    return errors.length > 0 ? errors.join('\n') : output;
  }
}
