import { defineConfig, type Options } from 'tsup';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

/** What the kit would import on demand is for calls of its own, which are not made from here. */
const withoutLateParts: Plugin = {
  name: 'without-late-parts',
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path, external: true } : undefined,
    );
  },
};

export default defineConfig({
  entry: ['src/index.ts'],
  format: ['esm'],
  target: 'node22',
  sourcemap: true,
  clean: true,
  // Bundled: only its rules for errors are in use. Its transport, which it makes as it loads, is left out.
  noExternal: ['@anyllm/provider-kit'],
  external: ['undici'],
  esbuildPlugins: [withoutLateParts],
  treeshake: { preset: 'recommended', manualPureFunctions: ['createUndiciTransport', 'onDemand'] },
  dts: false, // tsc emits the declarations, see "build"
});
