import { defineConfig } from 'tsup';
import { inOneFile } from '../../tsup.one-file.ts';

// A provider on the OpenAI dialect loads one file, and what comes later has all else that the kit holds in another.
const start = inOneFile(['src/openai.ts'], /provider-kit\/src\/index\.ts$/);
const late = inOneFile(
  ['src/index.ts'],
  /provider-kit\/src\/(errors\/explain-failure|openai\/(beyond-chat|stream-chat|to-completion))\.ts$/,
);

export default defineConfig({
  entry: ['src/index.ts', 'src/openai.ts'],
  format: ['esm'],
  target: 'node22',
  sourcemap: true,
  clean: true,
  dts: false, // tsc emits the declarations, see "build"
  ...start,
  esbuildPlugins: [...(start.esbuildPlugins ?? []), ...(late.esbuildPlugins ?? [])],
});
