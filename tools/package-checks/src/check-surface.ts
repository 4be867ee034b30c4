import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { repository } from './pack-packages.ts';
import { publicSurface } from './public-surface.ts';

const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });

const snapshots = join(import.meta.dirname, '../surface');
const packages = await readdir(join(repository, 'packages'));
for (const name of packages) await check(name);

/** Compares what a package exports with what it is known to export, or makes it known. */
async function check(name: string): Promise<void> {
  const surface = await publicSurface(join(repository, 'packages', name));
  const snapshot = join(snapshots, `${name}.txt`);
  if (values.write) return writeFile(snapshot, surface);
  const known = await readFile(snapshot, 'utf8').catch(() => '');
  for (const line of difference(known, surface)) {
    console.error(`${name}: ${line}`);
    process.exitCode = 1;
  }
}

function difference(before: string, after: string): string[] {
  const [old, current] = [before.split('\n'), after.split('\n')];
  return [
    ...old.filter((line) => !current.includes(line)).map((line) => `- ${line}`),
    ...current.filter((line) => !old.includes(line)).map((line) => `+ ${line}`),
  ];
}

if (process.exitCode) console.error('The public surface has changed. If it is meant to: pnpm check:surface --write');
