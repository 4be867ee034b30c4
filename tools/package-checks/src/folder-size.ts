import { lstat, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

export interface FolderSize {
  /** Each copy of a package counts. */
  packages: number;
  bytes: number;
}

/** What an installation put into `node_modules`, without the notes of the package manager. Links are not followed. */
export async function folderSize(nodeModules: string): Promise<FolderSize> {
  const entries = await readdir(nodeModules, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const sizes = await Promise.all(files.map(async (path) => (await lstat(path)).size));
  return { packages: files.filter(isManifest).length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

/** `node_modules/<name>/package.json` and `node_modules/@<scope>/<name>/package.json`; packages hold others inside. */
function isManifest(path: string): boolean {
  if (basename(path) !== 'package.json') return false;
  const parent = dirname(dirname(path));
  return basename(basename(parent).startsWith('@') ? dirname(parent) : parent) === 'node_modules';
}
