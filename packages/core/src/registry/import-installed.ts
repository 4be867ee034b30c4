type Module = Readonly<Record<string, unknown>>;

/**
 * Imports a package if it is installed: where this module can see it, or where the application can. The second matters
 * under strict layouts (pnpm), in which a library sees only its own dependencies.
 * @param applicationFirst for a package that has to fit what the application brings, of which there may be two copies
 * @returns what the package exports; `undefined` when there is no such package
 */
export async function importInstalled(name: string, { applicationFirst = false } = {}): Promise<Module | undefined> {
  const here = () => name;
  const fromApplication = () => resolveFromApplication(name);
  for (const find of applicationFirst ? [fromApplication, here] : [here, fromApplication]) {
    const specifier = find();
    const module = specifier === undefined ? undefined : await tryImport(specifier, name);
    if (module) return module;
  }
  return undefined;
}

/** Whether `importInstalled` would find the package. Where that cannot be told without importing it: yes. */
export function isVisible(name: string): boolean {
  if (typeof import.meta.resolve !== 'function') return true;
  try {
    import.meta.resolve(name);
    return true;
  } catch {
    return resolveFromApplication(name) !== undefined;
  }
}

async function tryImport(specifier: string, name: string): Promise<Module | undefined> {
  try {
    return await import(/* @vite-ignore */ /* webpackIgnore: true */ specifier);
  } catch (error) {
    if (isMissing(error, name)) return undefined;
    throw error;
  }
}

/** Whether it is this package that is missing, or an older one without this part; not one that it needs in turn. */
function isMissing(error: unknown, name: string): boolean {
  const { code, message } = Object(error) as { code?: unknown; message?: unknown };
  const packageName = name.split('/', name.startsWith('@') ? 2 : 1).join('/');
  const part = name.slice(packageName.length);
  const isNamed = (...texts: string[]) => texts.some((text) => String(message).includes(`'${text}'`));
  if (code === 'ERR_PACKAGE_PATH_NOT_EXPORTED') return part !== '' && isNamed(`.${part}`);
  return (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') && isNamed(name, packageName);
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
    } catch {
      // Not visible from there: the next place may see it, and `findProvider` reports when none does.
    }
  }
  return undefined;
}
