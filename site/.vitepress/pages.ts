import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** The pages by the files that they are made of, in the order in which they are looked for. */
const pages: [file: RegExp, page: string][] = [
  [/^docs\/(.*)README\.md$/, '$1index.md'],
  [/^docs\/(.*\.md)$/, '$1'],
  [/^examples\/README\.md$/, 'examples.md'],
  [/^packages\/([^/]+)\/README\.md$/, 'packages/$1.md'],
  [/^(CONTRIBUTING|SECURITY)\.md$/, '$1.md'],
  [/^site\/(api|source)\/(.*\.md)$/, '$1/$2'],
];

/** The page of a file, both from their roots; none for one that is not a page. */
export function pageOf(file: string): string | undefined {
  const rule = pages.find(([pattern]) => pattern.test(file));
  return rule && file.replace(rule[0], rule[1]).replace(/^[A-Z]+\.md$/, (name) => name.toLowerCase());
}

const markdown = globSync('**/*.md', { cwd: root, exclude: ['**/node_modules', '**/dist'] });

/** Files in Markdown that are no pages. */
export const excluded = markdown.filter((file) => !pageOf(file));

/**
 * Where a link leads on the site. In the files they are relative, so that they work in the repository too. A file that
 * is no page of its own, such as the code of an example, is shown on one below `source/`.
 */
export function toSiteLink(href: string, from: string): string {
  const file = linkedFile(href, from);
  if (file === undefined) return href;
  const page = pageOf(file) ?? `source/${file}.md`;
  return `/${page}${href.match(/#.*/)?.[0] ?? ''}`;
}

/** What a relative link names, from the root of the repository; of a directory its README. */
function linkedFile(href: string, from: string): string | undefined {
  if (/^([a-z]+:|[#/])/.test(href)) return undefined;
  const path = resolve(dirname(from), href.replace(/#.*/, ''));
  const isDirectory = existsSync(path) && statSync(path).isDirectory();
  return relative(root, isDirectory ? join(path, 'README.md') : path);
}

/** The files below `source/`: those that the pages link to and that are no pages. */
export function sourceFiles(): string[] {
  const linked = markdown.filter(pageOf).flatMap((page) => {
    const text = readFileSync(join(root, page), 'utf8').replaceAll(/^```.*?^```/gms, '');
    return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, href = '']) => linkedFile(href, join(root, page)));
  });
  return [...new Set(linked)].filter(
    (file) => file !== undefined && !pageOf(file) && existsSync(join(root, file)),
  ) as string[];
}
