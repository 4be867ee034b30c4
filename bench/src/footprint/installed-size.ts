import { lstat, readdir, readFile, realpath } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { dirname, join, matchesGlob } from 'node:path';

interface Manifest {
  files?: string[];
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
}

/** What installing these brings: they and all that they need, and how much their files hold. */
export async function installedSize(names: string[]): Promise<{ packages: number; bytes: number }> {
  const found = new Map<string, Manifest>();
  for (const name of names) await collect(name, import.meta.filename, found);
  let bytes = 0;
  for (const [path, manifest] of found) bytes += await sizeOfPackage(dirname(path), manifest);
  return { packages: found.size, bytes };
}

/** @param found the manifests by their path */
async function collect(name: string, neededBy: string, found: Map<string, Manifest>): Promise<void> {
  const path = findPackageJSON(name, neededBy);
  if (path === undefined) throw new Error(`${name} is not installed`);
  const realPath = await realpath(path);
  if (found.has(realPath)) return;
  const manifest: Manifest = JSON.parse(await readFile(realPath, 'utf8'));
  found.set(realPath, manifest);
  const { dependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = manifest;
  const peers = Object.keys(peerDependencies).filter((peer) => !peerDependenciesMeta[peer]?.optional);
  for (const needed of [...Object.keys(dependencies), ...peers]) await collect(needed, realPath, found);
}

/** A package of this repository is counted as it would be published. */
async function sizeOfPackage(folder: string, { files = [] }: Manifest): Promise<number> {
  if (folder.includes('node_modules')) return sizeOf(folder);
  const published = ['package.json', ...files.filter((name) => !name.startsWith('!'))];
  const leftOut = files.filter((name) => name.startsWith('!')).map((name) => join(folder, name.slice(1)));
  const isLeftOut = (path: string) => leftOut.some((pattern) => matchesGlob(path, pattern));
  const sizes = await Promise.all(published.map((name) => sizeOf(join(folder, name), isLeftOut)));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function sizeOf(path: string, isLeftOut = (_: string) => false): Promise<number> {
  const entry = await lstat(path);
  if (!entry.isDirectory()) return isLeftOut(path) ? 0 : entry.size;
  const names = (await readdir(path)).filter((name) => name !== 'node_modules');
  const sizes = await Promise.all(names.map((name) => sizeOf(join(path, name), isLeftOut)));
  return sizes.reduce((sum, size) => sum + size, 0);
}
