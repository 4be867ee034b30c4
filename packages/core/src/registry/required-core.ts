interface Manifest {
  version?: unknown;
  peerDependencies?: Record<string, unknown>;
  dependencies?: Record<string, unknown>;
}

/**
 * What an installed package asks for and what the application has, as its manifests say: for the error about one that
 * does not work. Nothing where that cannot be read, as on other runtimes.
 */
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
