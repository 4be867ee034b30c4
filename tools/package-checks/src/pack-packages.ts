import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './run-command.ts';

export const repository = join(import.meta.dirname, '../../..');

/** The manifest as it is published, which is not the one in the repository: versions stand where `workspace:` was. */
export interface Manifest {
  name: string;
  version: string;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

export interface Tarball {
  manifest: Manifest;
  bytes: Buffer;
  path: string;
}

/** Packs every package of the workspace into a folder. They must have been built. */
export async function packPackages(folder: string): Promise<Tarball[]> {
  await runCommand('pnpm', ['--filter', './packages/*', 'pack', '--pack-destination', folder], { cwd: repository });
  const files = (await readdir(folder)).filter((name) => name.endsWith('.tgz')).sort();
  return Promise.all(files.map((name) => readTarball(join(folder, name))));
}

async function readTarball(path: string): Promise<Tarball> {
  const manifest = await runCommand('tar', ['-xzOf', path, 'package/package.json'], { cwd: repository });
  for (const protocol of ['workspace:', 'catalog:']) {
    if (manifest.includes(`"${protocol}`)) throw new Error(`${path}: the packed manifest still says ${protocol}`);
  }
  return { manifest: JSON.parse(manifest), bytes: await readFile(path), path };
}
