import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { root, sourceFiles } from '../.vitepress/pages.ts';

/** A page for each file that the documentation links to and that is not part of it. */
export default {
  paths: () => sourceFiles().map((path) => ({ params: { path }, content: pageFor(path) })),
};

function pageFor(path: string): string {
  const code = readFileSync(join(root, path), 'utf8');
  return `# ${path}\n\n\`\`\`\`${extname(path).slice(1)}\n${code}\n\`\`\`\`\n`;
}
