import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Options } from 'tsup';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

/**
 * Puts all that the entries of a start load into one file. Splitting makes a file for every combination of entries that
 * share something, and each of them costs a start more than what it leaves out: so each of these entries, the other
 * ones, and what is imported when it is first used, are told to load all of these.
 * @param start their paths from the package, like `src/index.ts`
 * @param others matches the paths of the others
 */
export function inOneFile(
  start: readonly string[],
  others: RegExp,
): Pick<Options, 'esbuildOptions' | 'esbuildPlugins' | 'plugins'> {
  return {
    esbuildOptions(options) {
      options.treeShaking = false; // only what is imported counts, not what of it is used; users' bundlers shake it
      options.logOverride = { 'ignored-bare-import': 'silent' }; // of those below: without shaking they are not ignored
    },
    esbuildPlugins: [loadingStart(start, others)],
    plugins: [withoutBareImports],
  };
}

/** They are of files that are loaded by then, and a user's bundler warns of each. A blank line keeps the source map right. */
const withoutBareImports: NonNullable<Options['plugins']>[number] = {
  name: 'without-bare-imports',
  renderChunk: (code) => ({ code: code.replaceAll(/^import "\.\/[\w-]+\.js";$/gm, '') }),
};

function loadingStart(start: readonly string[], others: RegExp): Plugin {
  const paths = start.map((path) => resolve(path));
  const imports = paths.map((path) => `import 'anyllm:${path}';\n`).join('');
  return {
    name: 'one-file',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^anyllm:/ }, ({ path }) => ({ path: path.slice('anyllm:'.length) }));
      onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        if (!paths.includes(path) && !others.test(path)) return undefined;
        return { contents: `${await readFile(path, 'utf8')}\n${imports}`, loader: 'ts' };
      });
    },
  };
}
