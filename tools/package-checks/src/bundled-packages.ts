import { access, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { repository } from './pack-packages.ts';

/** A package of which parts stand in the built files of another, so that no lockfile of a user shows it. */
export interface BundledPackage {
  name: string;
  version: string;
  /** As an SPDX identifier. */
  license: string;
  homepage: string | undefined;
  /** Whether it is one of this repository: then its licence is ours. */
  own: boolean;
  /** The text of its licence. */
  licenseText: string;
}

interface Manifest {
  name?: string;
  version?: string;
  license?: string;
  homepage?: string;
}

/** What a built package has taken in, as its source maps tell. @throws Error when a file has none */
export async function bundledPackages(folder: string): Promise<BundledPackage[]> {
  const dist = join(folder, 'dist');
  const files = (await readdir(dist)).filter((name) => name.endsWith('.js'));
  const sources = (await Promise.all(files.map((name) => sourcesOf(join(dist, name))))).flat();
  const folders = new Set(await Promise.all(sources.map((source) => packageOf(dirname(join(dist, source))))));
  folders.delete(folder);
  const bundled = await Promise.all([...folders].map(readPackage));
  return bundled.sort((a, b) => a.name.localeCompare(b.name));
}

async function sourcesOf(file: string): Promise<string[]> {
  const map = await readFile(`${file}.map`, 'utf8').catch(() => undefined);
  if (map === undefined) throw new Error(`${file} has no source map, so that nobody can tell what is in it`);
  return (JSON.parse(map) as { sources: string[] }).sources;
}

/** The nearest folder above with a manifest that names a version: some in between only say how files are read. */
async function packageOf(folder: string): Promise<string> {
  const { name, version } = await readManifest(folder);
  if (name && version) return folder;
  if (folder === dirname(folder)) throw new Error('a source that belongs to no package');
  return packageOf(dirname(folder));
}

async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, 'package.json');
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  return exists ? JSON.parse(await readFile(path, 'utf8')) : {};
}

async function readPackage(folder: string): Promise<BundledPackage> {
  const { name = '', version = '', license, homepage } = await readManifest(folder);
  if (!license) throw new Error(`${name}, which is bundled, names no licence`);
  const own = !folder.slice(repository.length).includes('node_modules');
  return { name, version, license, homepage, own, licenseText: await readFile(join(folder, 'LICENSE'), 'utf8') };
}
