import type { Plugin } from 'vitepress';

/** The pages are outside of `site/`, where the packages of the site are not found. */
export function outsidePages(): Plugin {
  return {
    name: 'outside-pages',
    enforce: 'pre',
    resolveId: (id, _, { ssr } = {}) => (ssr && /^vue(\/|$)/.test(id) ? { id, external: true } : undefined),
    configResolved({ optimizeDeps }) {
      // Looked for beside the pages they would not be found, and they work unbundled too.
      optimizeDeps.include = optimizeDeps.include?.filter((name) => !name.startsWith('vitepress >'));
    },
  };
}
