import { defineConfig } from 'tsup';
import { inOneFile } from '../../tsup.one-file.ts';

export default defineConfig({
  entry: ['src/index.ts', 'src/openai.ts'],
  format: ['esm'],
  target: 'node22',
  sourcemap: true,
  clean: true,
  dts: false, // tsc emits the declarations, see "build"
  ...inOneFile(['src/openai.ts'], /provider-kit\/src\/(index|errors\/explain-failure|openai\/on-demand)\.ts$/),
});
