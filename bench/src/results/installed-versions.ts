import { readFile } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';

/** Of all that this folder installs to measure, as `name version`. */
export async function installedVersions(): Promise<string[]> {
  const { dependencies, devDependencies } = await readManifest(findPackageJSON(import.meta.url));
  const names = Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !name.startsWith('@types/'));
  return Promise.all(
    names
      .filter((name) => !name.startsWith('@anyllm/'))
      .sort()
      .map(toVersion),
  );
}

async function toVersion(name: string): Promise<string> {
  const { version } = await readManifest(findPackageJSON(name, import.meta.url));
  return `${name} ${version}`;
}

async function readManifest(path: string | undefined) {
  if (path === undefined) throw new Error('a package is not installed');
  return JSON.parse(await readFile(path, 'utf8'));
}
