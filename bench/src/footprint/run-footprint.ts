import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { runScript } from '../run-script.ts';
import { median } from '../statistics.ts';

const starts = 15;
const imports: Record<string, string[]> = {
  'bare Node': [],
  '@anyllm/core, @anyllm/provider-openai': ['@anyllm/core', '@anyllm/provider-openai'],
  undici: ['undici'],
};

/** What a program pays before its first call: time to import, bytes to ship. Prints Markdown. */
export async function runFootprint(): Promise<void> {
  const times = new Map<string, number[]>(Object.keys(imports).map((name) => [name, []]));
  for (let start = 0; start < starts; start += 1) {
    for (const [name, modules] of Object.entries(imports)) times.get(name)?.push(await timeStart(modules));
  }
  const bare = median(times.get('bare Node') as number[]);
  console.log('| import of | process | over bare Node |\n|---|---|---|');
  for (const [name, list] of times) {
    console.log(`| ${name} | ${median(list).toFixed(1)} ms | ${(median(list) - bare).toFixed(1)} ms |`);
  }
  console.log(`\nOne completion, bundled and minified without undici: ${await bundledKilobytes()} KB gzip.`);
}

async function timeStart(modules: string[]): Promise<number> {
  const startedAt = performance.now();
  await runScript('footprint/cold-start.ts', ...modules);
  return performance.now() - startedAt;
}

async function bundledKilobytes(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('one-completion.ts', import.meta.url))],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    external: ['undici'],
    write: false,
    logLevel: 'error',
  });
  return (gzipSync(outputFiles[0]?.contents ?? '').length / 1000).toFixed(1);
}
