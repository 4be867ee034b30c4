import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Options } from 'tsup';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

/**
 * Puts all that the main entry loads at its start into one file. Splitting makes a file for every combination of entries
 * that share something, and each of them costs a start more than what it leaves out: so the other entries, and what is
 * imported when it is first used, are told to load the main one too.
 * @param main its path from the package, like `src/index.ts`
 * @param others matches the paths of the others
 */
export function inOneFile(main: string, others: RegExp): Pick<Options, 'esbuildOptions' | 'esbuildPlugins'> {
  return {
    esbuildOptions(options) {
      options.treeShaking = false; // only what is imported counts, not what of it is used; users' bundlers shake it
      options.logOverride = { 'ignored-bare-import': 'silent' }; // of the import below: without shaking it is not ignored
    },
    esbuildPlugins: [loadingMain(main, others)],
  };
}

function loadingMain(main: string, others: RegExp): Plugin {
  return {
    name: 'one-file',
    setup({ onLoad, onResolve }) {
      const specifier = `anyllm:${main}`;
      onResolve({ filter: /^anyllm:/ }, ({ path }) => ({ path: resolve(path.slice('anyllm:'.length)) }));
      onLoad({ filter: others }, async ({ path }) => {
        const source = await readFile(path, 'utf8');
        return { contents: `${source}\nimport '${specifier}';\n`, loader: 'ts' };
      });
    },
  };
}
