import { systemClock } from '../clock.ts';

/** Longer than any package takes. One whose import waits for ever would hold up the call, whose limits begin after it. */
const limitMs = 30_000;

/**
 * Imports a package if it is installed: where this module can see it, or else where the application can. The second
 * matters under strict layouts (pnpm), in which a library sees only its own dependencies.
 * @returns whether there was such a package
 */
export async function importInstalled(name: string): Promise<boolean> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const cancel = systemClock.schedule(() => reject(new Error(`its import does not end within ${limitMs} ms`)), limitMs);
  try {
    return await Promise.race([importFromAnywhere(name), late]);
  } finally {
    cancel();
  }
}

async function importFromAnywhere(name: string): Promise<boolean> {
  if (await tryImport(name, name)) return true;
  const path = resolveFromApplication(name);
  return path !== undefined && (await tryImport(path, name));
}

async function tryImport(specifier: string, name: string): Promise<boolean> {
  try {
    await import(/* @vite-ignore */ /* webpackIgnore: true */ specifier);
    return true;
  } catch (error) {
    if (isMissing(error, name)) return false;
    throw error;
  }
}

/** Whether it is this package that is missing, not one that it needs in turn. */
function isMissing(error: unknown, name: string): boolean {
  const { code, message } = Object(error) as { code?: unknown; message?: unknown };
  return (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') && String(message).includes(`'${name}'`);
}

const onlyImported = 'its `exports` have no `default`, so it has to be imported in the program';

/** Whether the package is there and its `exports` have nothing for who asks. */
function isHidden(error: unknown): boolean {
  return Object(error).code === 'ERR_PACKAGE_PATH_NOT_EXPORTED';
}

function resolveFromApplication(name: string): string | undefined {
  // Asked for at run time, so that the package also loads where there is no such module.
  const nodeModule = globalThis.process?.getBuiltinModule?.('node:module');
  const nodeURL = globalThis.process?.getBuiltinModule?.('node:url');
  if (!nodeModule || !nodeURL) return undefined;
  for (const from of [process.argv[1], `${process.cwd()}/package.json`]) {
    if (!from) continue;
    try {
      return nodeURL.pathToFileURL(nodeModule.createRequire(from).resolve(name)).href;
    } catch (error) {
      if (isHidden(error)) throw new Error(onlyImported, { cause: error });
      // Not visible from there: the next place may see it, and `findProvider` reports when none does.
    }
  }
  return undefined;
}
