export interface BuiltPage {
  /** From the root of the site: `/providers/openai.html`. */
  path: string;
  html: string;
}

/** How many links the pages have to each other, and those that lead nowhere. */
export function findDeadLinks(pages: readonly BuiltPage[]): { links: number; dead: string[] } {
  const anchors = new Map(pages.map(({ path, html }) => [path, idsIn(html)]));
  const all = pages.flatMap(({ path, html }) => linksIn(html).map((href) => ({ path, href })));
  const inside = all.filter(({ href }) => !/^[a-z]+:/.test(href));
  const dead = inside.filter(({ path, href }) => {
    const { pathname, hash } = new URL(href, `http://site${path}`);
    const ids = anchors.get(pathname.endsWith('/') ? `${pathname}index.html` : decodeURIComponent(pathname));
    return !ids || (hash !== '' && !ids.has(decodeURIComponent(hash.slice(1))));
  });
  return { links: inside.length, dead: [...new Set(dead.map(({ path, href }) => `${path}: dead link to ${href}`))] };
}

function idsIn(html: string): Set<string> {
  return new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(([, id = '']) => fromHtml(id)));
}

function linksIn(html: string): string[] {
  return [...html.matchAll(/<a\s[^>]*?href="([^"]+)"/g)].map(([, href = '']) => fromHtml(href));
}

function fromHtml(text: string): string {
  return text.replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}
