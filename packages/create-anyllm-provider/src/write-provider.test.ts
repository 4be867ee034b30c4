import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Dialect } from './dialects.ts';
import { namesOf } from './provider-names.ts';
import { writeProvider } from './write-provider.ts';

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'create-anyllm-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

async function write(dialect: Dialect, name = 'my-vendor', baseURL = 'https://api.acme.test/v1') {
  const directory = emptyFolder();
  await writeProvider({ names: namesOf(name), dialect, baseURL, directory, version: '1.2.3' });
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries.map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(files.map((path) => [path.slice(directory.length + 1), readFileSync(path, 'utf8')]));
}

test.each(['openai', 'http'] as const)(
  'nothing of the template %s is left but the address that was given',
  async (dialect) => {
    const files = await write(dialect);
    const text = Object.entries(files).flat().join('\n').replaceAll('https://api.acme.test/v1', '');
    expect(text).not.toMatch(/acme|workspace:/i);
    expect(text).not.toMatch(/my-vendor[A-Z]/); // which no identifier may hold
  },
);

test('files, identifiers, variables and versions bear the names that they should', async () => {
  const files = await write('openai');
  expect(files['src/create-my-vendor.ts']).toMatch(
    /function createMyVendor.*'my-vendor'.*api\.acme\.test.*'MY_VENDOR_API_KEY'/s,
  );
  expect(JSON.parse(files['package.json'] ?? '')).toMatchObject({
    name: 'anyllm-provider-my-vendor',
    peerDependencies: { '@anyllm/core': '^1.2.3' },
  });
  expect(Object.keys(files)).toEqual(
    expect.arrayContaining(['.gitignore', '.changeset/first-release.md', '.github/workflows/ci.yml']),
  );
});

test('a folder with something in it is left alone', async () => {
  const directory = emptyFolder();
  writeFileSync(join(directory, 'thesis.txt'), '');
  const plan = { names: namesOf('acme'), dialect: 'openai', baseURL: '', directory, version: '1.0.0' } as const;
  await expect(writeProvider(plan)).rejects.toThrow('is not empty');
});

test('the tools are those of this repository', async () => {
  const files = await write('openai');
  const { devDependencies: written } = JSON.parse(files['package.json'] ?? '');
  const { devDependencies: ours } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
  for (const tool of ['@changesets/cli', '@types/node', 'typescript', 'vitest']) {
    expect(written[tool]).toBe(`^${ours[tool]}`);
  }
});

test('the changeset begins as one has to', async () => {
  const files = await write('openai');
  expect(files['.changeset/first-release.md']).toMatch(/^---\n'anyllm-provider-my-vendor': minor\n---\n/);
});
