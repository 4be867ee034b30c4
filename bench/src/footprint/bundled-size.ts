import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type Metafile } from 'esbuild';

/**
 * Bytes that a program with one completion loads when it starts: bundled with what it imports but undici, minified,
 * compressed. What is imported when it is first used stands in files of its own and does not count, whoever does so.
 */
export async function bundledSize(completion: string): Promise<number> {
  const { outputFiles, metafile } = await build({
    entryPoints: [fileURLToPath(new URL(`completions/${completion}.ts`, import.meta.url))],
    bundle: true,
    minify: true,
    format: 'esm',
    splitting: true,
    outdir: 'bundled',
    metafile: true,
    platform: 'node',
    external: ['undici', '@opentelemetry/*'], // the latter is optional to who asks for it, and not installed
    write: false,
    logLevel: 'silent', // the error that is thrown says it too
  });
  const sizes = new Map(outputFiles.map(({ path, contents }) => [basename(path), gzipSync(contents).length]));
  const loaded = loadedAtStart(metafile.outputs, `bundled/${completion}.js`);
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
