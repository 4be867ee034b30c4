import { defineConfig } from 'tsup';

export default defineConfig({
  entry: ['src/index.ts'],
  format: ['esm'],
  target: 'node22',
  sourcemap: true,
  clean: true,
  // Bundled: only its rules for errors are in use. Its transport, which it makes as it loads, is left out.
  noExternal: ['@anyllm/provider-kit'],
  external: ['undici'],
  treeshake: { preset: 'recommended', manualPureFunctions: ['createUndiciTransport'] },
  dts: false, // tsc emits the declarations, see "build"
});
