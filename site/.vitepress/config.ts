import { slug } from 'github-slugger';
import { defineConfig } from 'vitepress';
import { outsidePages } from './outside-pages.ts';
import { excluded, pageOf, root } from './pages.ts';
import { repositoryLinks } from './repository-links.ts';
import { sidebar } from './sidebar.ts';

const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path fill="#3451b2" d="M4 0 8 8H6L4 4 2 8H0Z"/></svg>';

/** The first page has a head of its own in place of its title. */
const landing = {
  layout: 'home',
  hero: {
    name: 'AnyLLM',
    text: 'One typed interface to every language model',
    tagline: 'Many calls at once, deadlines that hold, cancelling that closes the socket, and no failure unnoticed.',
    actions: [
      { text: 'Getting started', link: '/getting-started' },
      { text: 'Examples', link: '/examples', theme: 'alt' },
      { text: 'What happens when', link: '/reliability', theme: 'alt' },
    ],
  },
};

// The pages are the files of `docs/`, as they are. `api/` is written by `src/write-api.ts`.
export default defineConfig({
  title: 'AnyLLM',
  description: 'One typed interface to every language model, for TypeScript.',
  head: [['link', { rel: 'icon', href: `data:image/svg+xml,${encodeURIComponent(icon)}` }]],
  base: process.env.SITE_BASE ?? '/',
  srcDir: root,
  srcExclude: excluded,
  rewrites: (page) => pageOf(page) ?? page,
  outDir: 'dist',
  cacheDir: 'cache',
  router: { prefetchLinks: false }, // a page is small, and comes soon enough
  markdown: {
    anchor: { slugify: slug }, // the anchors that the files have in the repository
    config: repositoryLinks,
  },
  transformPageData: (page) => {
    if (page.relativePath === 'index.md') Object.assign(page.frontmatter, landing);
  },
  vite: {
    build: { chunkSizeWarningLimit: 2_000 }, // kB: the reference of core is one page
    plugins: [outsidePages()],
  },
  themeConfig: {
    nav: [
      { text: 'Guide', link: '/getting-started' },
      { text: 'Providers', link: '/capabilities' },
      { text: 'Examples', link: '/examples' },
      { text: 'Reference', link: '/api/core' },
    ],
    sidebar: sidebar(),
    outline: [2, 3],
    search: { provider: 'local' },
  },
});
