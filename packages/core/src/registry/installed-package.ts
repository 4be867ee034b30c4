// What the manifests say, for errors about a package that does not work. Nothing where they cannot be read, as on other
// runtimes.

interface Manifest {
  name?: unknown;
  version?: unknown;
  peerDependencies?: Record<string, unknown>;
  dependencies?: Record<string, unknown>;
}

/** Whether the application has it, even if it cannot be imported from everywhere. */
export function isInstalled(name: string): boolean {
  return readManifest(name).name === name;
}

/** The version of core that a package asks for, and the one that the application has. */
export function requiredCore(name: string): { wanted: string; installed: string } | undefined {
  const { peerDependencies, dependencies } = readManifest(name);
  const wanted = peerDependencies?.['@anyllm/core'] ?? dependencies?.['@anyllm/core'];
  const { version: installed } = readManifest('@anyllm/core');
  return typeof wanted === 'string' && typeof installed === 'string' ? { wanted, installed } : undefined;
}

function readManifest(name: string): Manifest {
  try {
    const { findPackageJSON } = process.getBuiltinModule('node:module');
    const path = findPackageJSON(name, process.argv[1] ?? `${process.cwd()}/package.json`);
    const { readFileSync } = process.getBuiltinModule('node:fs');
    return path === undefined ? {} : Object(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return {};
  }
}
