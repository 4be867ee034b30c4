import { execFile } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const workspace = `${root}tests/node_modules/.docs`; // nobody's source, and the packages are found from there
const pages = globSync(['*.md', 'docs/**/*.md', 'examples/*.md', 'packages/*/README.md'], { cwd: root }).sort();

/** What a fragment may use without saying so. */
const prelude = `
declare global {
  ${['completion', 'gather', 'compare'].map((name) => `const ${name}: typeof import('@anyllm/core').${name};`).join('\n  ')}
  type CompletionRequest = import('@anyllm/core').CompletionRequest;
  const model: string;
  const prompt: string;
  const messages: NonNullable<CompletionRequest['messages']>;
  const tools: NonNullable<CompletionRequest['tools']>;
  const requests: CompletionRequest[];
}
export {};
`;

test('the code in the documentation compiles', async () => {
  rmSync(workspace, { recursive: true, force: true });
  mkdirSync(workspace, { recursive: true });
  writeFileSync(`${workspace}/prelude.d.ts`, prelude);
  for (const page of pages) {
    codeOf(page).forEach((code, index) => {
      writeFileSync(`${workspace}/${page.replaceAll(/[^\w]+/g, '-')}-${index + 1}.ts`, `${code}\nexport {};\n`);
    });
  }
  const options = {
    extends: `${root}tsconfig.base.json`,
    compilerOptions: { noUnusedLocals: false },
    include: ['*.ts'],
  };
  writeFileSync(`${workspace}/tsconfig.json`, JSON.stringify({ ...options, exclude: [] }));
  expect(await run('tsc', '--project', workspace)).toBe('');
}, 60_000);

test.each(pages)('every link in %s leads somewhere', (page) => {
  const text = readFileSync(root + page, 'utf8').replaceAll(/^```.*?^```/gms, '');
  const targets = [...text.matchAll(/\]\((?!https?:)([^)#]*)(?:#[^)]*)?\)/g)].map(([, path]) => path ?? '');
  const broken = targets.filter((path) => path !== '' && !existsSync(resolve(root, dirname(page), path)));
  expect(broken).toEqual([]);
});

/** The simulator's page uses OpenAI's client, which is not installed here. */
function codeOf(page: string): string[] {
  const blocks = readFileSync(root + page, 'utf8').matchAll(/^```ts\n(.*?)^```/gms);
  return [...blocks].map(([, code = '']) => code).filter((code) => !code.includes("from 'openai'"));
}

function run(command: string, ...args: string[]): Promise<string> {
  return new Promise((done) => {
    execFile(`${root}node_modules/.bin/${command}`, args, (_, stdout, stderr) => done(stdout + stderr));
  });
}
