import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** Bytes of a program with one completion: bundled with what it imports but undici, minified, compressed. */
export async function bundledSize(completion: string): Promise<number> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`completions/${completion}.ts`, import.meta.url))],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    external: ['undici', '@opentelemetry/*'], // the latter is optional to who asks for it, and not installed
    write: false,
    logLevel: 'silent', // the error that is thrown says it too
  });
  return gzipSync(outputFiles[0]?.contents ?? '').length;
}
