import { defineConfig } from 'tsup';
import { inOneFile } from '../../tsup.one-file.ts';

export default defineConfig({
  entry: ['src/index.ts', 'src/batch.ts', 'src/fold.ts', 'src/limits.ts', 'src/provider.ts', 'src/schemas.ts'],
  format: ['esm'],
  target: 'node22',
  sourcemap: true,
  clean: true,
  dts: false, // tsc emits the declarations, see "build"
  ...inOneFile(
    ['src/index.ts', 'src/provider.ts'],
    /core\/src\/(after-failure|batch|beyond-completion|client\/(dispatch-stream|rich-requests)|fold|limits|policy\/limits\/busy-lane|registry\/find-installed|schemas)\.ts$/,
  ),
});
