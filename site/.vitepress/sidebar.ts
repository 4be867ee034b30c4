import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import type { DefaultTheme } from 'vitepress';
import { entries } from '../src/entries.ts';
import { pageOf, root } from './pages.ts';

const index = 'docs/README.md';
const folded = ['How it is made'];

/** The groups of the index page with their links, and the reference. */
export function sidebar(): DefaultTheme.SidebarItem[] {
  const [, ...groups] = readFileSync(join(root, index), 'utf8').split(/^## /m);
  const items = groups.map((group) => {
    const text = group.split('\n', 1)[0] ?? '';
    return { text, collapsed: folded.includes(text), items: linksIn(group, index).map(toItem) };
  });
  checkThatAllAreListed();
  const reference = entries.map(({ name, page }) => ({ text: name, link: `/api/${page}` }));
  return [...items, { text: 'Reference', collapsed: false, items: reference }];
}

interface Link {
  text: string;
  file: string;
}

/** The items of the lists in a text. */
function linksIn(text: string, from: string): Link[] {
  const items = text.matchAll(/^- \[(.*?)\]\((.*?)\)/gm);
  return [...items].map(([, text = '', href = '']) => ({ text, file: normalize(join(dirname(from), href)) }));
}

/** The index of a directory has its pages below it. */
function toItem({ text, file }: Link): DefaultTheme.SidebarItem {
  const link = `/${pageOf(file)?.replace(/(index)?\.md$/, '')}`;
  if (!file.endsWith('README.md')) return { text, link };
  return { text, link, items: linksIn(readFileSync(join(root, file), 'utf8'), file).map(toItem) };
}

/** A page that is not in the index would be found by nobody. */
function checkThatAllAreListed(): void {
  const indexes = globSync('docs/**/README.md', { cwd: root });
  const listed = indexes.flatMap((file) => linksIn(readFileSync(join(root, file), 'utf8'), file));
  const found = new Set([index, ...listed.map(({ file }) => file)]);
  const lost = globSync('docs/**/*.md', { cwd: root }).filter((file) => !found.has(file));
  if (lost.length > 0) throw new Error(`${lost.join(', ')}: in no list of ${indexes.join(' or ')}`);
}
