import { gzipSync } from 'node:zlib';
import { type BuildOptions, build } from 'esbuild';

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

/** Bytes of one completion after gzip. */
export async function bundleSize(folder: string, external: string[] = []): Promise<number> {
  const entryPoints = ['completion.mjs'];
  const { outputFiles } = await build({ ...common, absWorkingDir: folder, entryPoints, format: 'esm', external });
  return gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length;
}
