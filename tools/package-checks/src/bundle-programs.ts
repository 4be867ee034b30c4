import { basename } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type BuildOptions, build, type Metafile } from 'esbuild';

const common = { bundle: true, minify: true, platform: 'node', write: false, logLevel: 'error' } satisfies BuildOptions;

/** undici is CommonJS: a bundle that is an ES module has to be given the `require` by which it finds Node's own modules. */
const banner = { js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);` };

/** Writes the programs of a project as single files, with all that they use inside. */
export async function bundlePrograms(folder: string): Promise<void> {
  const whole = { ...common, absWorkingDir: folder, write: true } satisfies BuildOptions;
  await Promise.all([
    build({ ...whole, entryPoints: ['require.cjs'], format: 'cjs', outfile: 'bundle/bundle.cjs' }),
    build({ ...whole, entryPoints: ['import.mjs'], format: 'esm', outfile: 'bundle/bundle.mjs', banner }),
  ]);
}

/**
 * Bytes after gzip of what one completion loads: its file and the chunks that this imports at the start. What is loaded
 * when it is first used (answers by a schema, other operations) stands in chunks of its own.
 */
export async function bundleSize(folder: string, external: string[] = []): Promise<number> {
  const { outputFiles, metafile } = await build({
    ...common,
    absWorkingDir: folder,
    entryPoints: ['completion.mjs'],
    format: 'esm',
    splitting: true,
    outdir: 'split',
    metafile: true,
    external,
  });
  const sizes = new Map(
    outputFiles.map(({ path, contents }) => [basename(path), gzipSync(contents, { level: 9 }).length]),
  );
  const loaded = loadedAtStart(metafile.outputs, 'split/completion.js');
  return [...loaded].reduce((sum, path) => sum + (sizes.get(basename(path)) ?? 0), 0);
}

function loadedAtStart(outputs: Metafile['outputs'], entry: string): Set<string> {
  const loaded = new Set([entry]);
  for (const path of loaded) {
    for (const { path: imported, kind, external } of outputs[path]?.imports ?? []) {
      if (kind === 'import-statement' && !external) loaded.add(imported);
    }
  }
  return loaded;
}
