import type { MarkdownRenderer } from 'vitepress';
import { toSiteLink } from './pages.ts';

/** Makes the links between files of the repository links between pages of the site. */
export function repositoryLinks(md: MarkdownRenderer): void {
  md.core.ruler.push('repository-links', ({ tokens, env }) => {
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const href = token.type === 'link_open' && token.attrGet('href');
      if (href) token.attrSet('href', toSiteLink(href, env.realPath ?? env.path));
    }
  });
}
