import { execFile } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const workspace = `${root}tests/node_modules/.docs`; // nobody's source, and the packages are found from there
const pages = globSync(['*.md', 'docs/**/*.md', 'examples/*.md', 'packages/*/README.md'], { cwd: root }).sort();

/** What a fragment may use without saying so. */
const prelude = `
declare global {
  ${['completion', 'gather', 'compare', 'embedding'].map((name) => `const ${name}: typeof import('@anyllm/core').${name};`).join('\n  ')}
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
  expect(await run(`${root}node_modules/.bin/tsc`, '--project', workspace)).toBe('');
}, 60_000);

/** The programs among the code of a page, by their titles here. */
const programs = ['docs/write-a-provider.md', 'docs/testing.md']
  .flatMap((page) => codeOf(page).map((code, index) => ({ name: `block ${index} of ${page}`, code })))
  .filter(({ code }) => /\b(test|testProvider|console\.log)\(/.test(code));

test.each(programs)(
  '$name does what it says',
  async ({ name, code }) => {
    const stdout = await runProgram(name, code, '--test-reporter=tap');
    const promised = [...code.matchAll(/console\.log\(.*\/\/ (.*)$/gm)].map(([, line]) => line);
    if (promised.length > 0) expect(stdout.trim().split('\n')).toEqual(promised);
    else expect(stdout).toMatch(/^# pass [1-9]\d*\n# fail 0$/m); // the summary of Node's test runner
  },
  60_000,
);

test('the program on the first page says what stands below it', async () => {
  const [code = ''] = codeOf('docs/README.md');
  const [, promised = ''] = /^```text\n(.*?)^```/ms.exec(readFileSync(`${root}docs/README.md`, 'utf8')) ?? [];
  expect(code.trim().split('\n').length).toBeLessThanOrEqual(40);
  const said = await runProgram('first page', `import '${root}examples/backend/src/index.ts';\n${code}`);
  expect(comparable(said.slice(said.indexOf('\n\n')))).toBe(comparable(promised));
}, 60_000);

/** Without what differs from run to run: times, ids, and where lines are broken. */
function comparable(text: string): string {
  return text
    .replaceAll(/\d+\.\d s/g, 'seconds')
    .replaceAll(/request id [\w-]+/g, 'request id')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

test.each(pages.filter((page) => page.startsWith('docs/providers/')))('%s has the headings of its kind', (page) => {
  const headings = readFileSync(root + page, 'utf8').matchAll(/^## (.*)$/gm);
  expect([...headings].map(([, heading]) => heading)).toEqual([
    'Install',
    'Key and address',
    'Models',
    'What is supported',
    'On the wire',
    'Vendor-only options',
    'Errors',
  ]);
});

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

/** Its output. The program is compiled where the packages are found. */
function runProgram(name: string, code: string, ...options: string[]): Promise<string> {
  mkdirSync(workspace, { recursive: true });
  const file = `${workspace}/${name.replaceAll(/\W+/g, '-')}.mjs`;
  writeFileSync(file, stripTypeScriptTypes(code));
  return run(process.execPath, ...options, file);
}

function run(command: string, ...args: string[]): Promise<string> {
  return new Promise((done) => {
    execFile(command, args, (_, stdout, stderr) => done(stdout + stderr));
  });
}
