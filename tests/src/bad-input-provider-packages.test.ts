import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as core from '@anyllm/core';
import { createClient, type Provider, registerProvider } from '@anyllm/core';
import { defineProvider } from '@anyllm/core/provider';
import { describe, expect, test } from 'vitest';
import { folderWith, install, packageFiles, runNode } from './child-process.ts';
import { failure } from './simulated-openai.ts';

const name = 'anyllm-provider-foo';

/** Asks whole and streamed, in a process of its own, and prints what came of each. */
const main = `
  import { completion } from '@anyllm/core';
  const tell = ({ code, provider, message, cause }) => ({ code, provider, message, caused: cause !== undefined });
  const request = { model: 'foo/x', prompt: 'Hi' };
  const whole = await completion(request).then(({ text }) => text, tell);
  const streamed = await completion({ ...request, stream: true }).then((stream) => stream.completion()).then(({ text }) => text, tell);
  console.log(JSON.stringify({ whole, streamed }));
`;

const working = `
  import { foldCompletion } from '@anyllm/core/fold';
  import { defineProvider, registerProvider } from '@anyllm/core/provider';
  const chunk = { id: '1', object: 'chat.completion.chunk', created: 1, model: 'm',
    choices: [{ index: 0, delta: { content: 'Hello' }, finish_reason: 'stop' }] };
  registerProvider(defineProvider({
    id: 'foo',
    complete: async () => foldCompletion([chunk]),
    async *stream() { yield chunk; },
  }));
`;

type Prepare = (folder: string) => void;

/** A folder with core and the package, and what comes of asking it there. */
async function outcome(
  code: string,
  manifest: object = {},
  prepare: Prepare = () => {},
  how: 'copy' | 'link' = 'copy',
) {
  const files = packageFiles(name, code);
  const path = `node_modules/${name}/package.json`;
  const folder = folderWith({
    'main.mjs': main,
    ...files,
    [path]: JSON.stringify({ ...JSON.parse(files[path] as string), ...manifest }),
  });
  install(folder, '@anyllm/core', how);
  prepare(folder);
  const { stdout, stderr } = await runNode(join(folder, 'main.mjs'));
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as { whole: unknown; streamed: unknown };
}

/** Gives a package a core of its own, of another version, in which these texts stand in place of others. */
const ownCore = (changes: Record<string, string>) => (folder: string) => {
  const path = install(join(folder, 'node_modules', name), '@anyllm/core', 'copy');
  becomeVersion(path, changes);
};

function becomeVersion(path: string, changes: Record<string, string>): void {
  const manifest = join(path, 'package.json');
  writeFileSync(manifest, JSON.stringify({ ...JSON.parse(readFileSync(manifest, 'utf8')), version: '99.0.0' }));
  const files = readdirSync(join(path, 'dist')).filter((file) => file.endsWith('.js'));
  const all = files.map((file) => readFileSync(join(path, 'dist', file), 'utf8')).join('');
  for (const text of Object.keys(changes)) if (!all.includes(text)) throw new Error(`core does not contain ${text}`);
  for (const file of files) {
    let text = readFileSync(join(path, 'dist', file), 'utf8');
    for (const [from, to] of Object.entries(changes)) text = text.replaceAll(from, to);
    writeFileSync(join(path, 'dist', file), text);
  }
}

const nextContract = { 'specification: 1,': 'specification: 2,', 'specification !== 1': 'specification !== 2' };
const nextRegistry = { 'anyllm.registry.v1': 'anyllm.registry.v2' };

describe('an installed package', () => {
  const peers = { version: '3.1.0', peerDependencies: { '@anyllm/core': '^3.0.0' } };
  const wrongVersion = /^anyllm-provider-foo is installed but .+ it asks for @anyllm\/core \^3\.0\.0, and 0\.0\.0 is installed; install versions that fit: `npm install @anyllm\/core@latest anyllm-provider-foo@latest`$/; // biome-ignore format: one line

  test.each<[string, string, RegExp, Prepare?]>([
    ['registers what follows another contract version', `${working.replace('defineProvider({', '({ specification: 2,')}`, /contract version 2, this core version 1/], // biome-ignore format: one line
    ['has a core of its own with another contract version', working, /contract version 2, this core version 1/, ownCore(nextContract)], // biome-ignore format: one line
    ['has a core of its own with another registry', working, /registers no provider "foo"/, ownCore(nextRegistry)],
    ['imports a name that core does not have', 'import { later } from "@anyllm/core/provider"', /'later'/],
    ['imports an entry that core does not have', 'import "@anyllm/core/later"', /'\.\/later'/],
    ['calls what core does not have', 'import * as core from "@anyllm/core"; core.later()', /core\.later is not a function/], // biome-ignore format: one line
  ])('%s: the error names both versions', async (_, code, says, prepare) => {
    const { whole, streamed } = await outcome(code, peers, prepare);
    for (const error of [whole, streamed] as { message: string }[]) {
      expect(error).toMatchObject({ code: 'provider_not_found', provider: 'foo' });
      expect(error.message).toMatch(says);
    }
    expect((whole as Error).message).toMatch(wrongVersion);
  });

  test.each<[string, string, RegExp]>([
    ['throws', 'throw new Error("broken inside")', /fails to load: broken inside; /],
    [
      'throws several lines',
      'throw new Error("broken inside\\n  here\\n  and there")',
      /fails to load: broken inside; /,
    ],
    ['throws a very long text', 'throw "x".repeat(9999)', /fails to load: x{200}…; /],
    ['throws nothing', 'throw undefined', /fails to load: undefined; /],
    ['throws an object', 'throw { toString() { throw 1; } }', /fails to load: object; /],
    ['rejects later', 'await null; throw new Error("broken inside")', /fails to load: broken inside; /],
    ['registers null', 'import { registerProvider } from "@anyllm/core/provider"; registerProvider(null)', /fails to load: a provider must be an object/], // biome-ignore format: one line
    ['registers a provider without complete()', working.replace('complete:', 'completed:'), /fails to load: provider foo: `complete` must be a function/], // biome-ignore format: one line
    ['registers under no name', working.replace("'foo'", "'Foo!'"), /fails to load: a provider's `id` must match/],
    ['registers another', working.replace("'foo'", "'bar'"), /registers no provider "foo"; /],
    ['registers nothing', '', /registers no provider "foo"; /],
    ['is no JavaScript', 'export const =', /fails to load: Unexpected token '='; /],
    ['lacks a dependency', 'import "not-installed"', /fails to load: Cannot find package 'not-installed'/],
  ])('that %s is named in a typed error in one line', async (_, code, says) => {
    const { whole, streamed } = await outcome(code);
    for (const error of [whole, streamed] as { message: string }[]) {
      expect(error).toMatchObject({ code: 'provider_not_found', provider: 'foo' });
      expect(error.message).toMatch(/^anyllm-provider-foo is installed but .+; [^;\n]*`npm install [^\n]+`$/);
      expect(error.message).toMatch(says);
    }
  });

  test.each<[string, object]>([
    ['lacks the file that it names', { exports: './missing.js' }],
    ['exports nothing', { exports: { './other': './index.js' } }],
  ])('that %s is named in a typed error', async (_, manifest) => {
    const { whole } = await outcome(working, manifest);
    expect(whole).toMatchObject({ code: 'provider_not_found', provider: 'foo', caused: true });
    expect((whole as Error).message).toMatch(/^anyllm-provider-foo is installed but fails to load: /);
  });

  test.each<[string, object, Prepare?]>([
    ['asks for another core, but follows the same contract', peers],
    ['has a core of its own, of another version with the same contract', {}, ownCore({})],
    ['exports itself to `import` only', { exports: { import: './index.js' } }],
  ])('that %s works', async (_, manifest, prepare) => {
    expect(await outcome(working, manifest, prepare)).toEqual({ whole: 'Hello', streamed: 'Hello' });
  });
});

test('a package that exports itself to `import` only, where core cannot see it, is named in a typed error', async () => {
  const { whole } = await outcome(working, { exports: { import: './index.js' } }, undefined, 'link');
  expect(whole).toMatchObject({ code: 'provider_not_found', provider: 'foo' });
  expect((whole as Error).message).toMatch(
    /^anyllm-provider-foo is installed but fails to load: it cannot be imported from where core is, so import it in the program; /,
  );
});

test('a package whose import never ends is named in a typed error after a while', async () => {
  const folder = folderWith({
    'main.mjs': `
      import { mock } from 'node:test';
      import { setImmediate } from 'node:timers/promises';
      mock.timers.enable({ apis: ['setTimeout'] });
      const { completion } = await import('@anyllm/core');
      const asked = completion({ model: 'foo/x', prompt: 'Hi' }).catch(({ code, message }) => console.log(code, message));
      while (!globalThis.loading) await setImmediate();
      mock.timers.tick(30_000);
      await asked;
      process.exit();
    `,
    ...packageFiles(name, 'globalThis.loading = true; await new Promise(() => {});'),
  });
  install(folder, '@anyllm/core', 'copy');
  const { stdout } = await runNode(join(folder, 'main.mjs'));
  expect(stdout).toMatch(
    /^provider_not_found anyllm-provider-foo is installed but fails to load: its import does not end within 30000 ms; /,
  );
});

describe('two versions of core', () => {
  type Other = typeof core & { defineProvider: typeof defineProvider };

  async function otherCore(changes: Record<string, string>): Promise<Other> {
    const path = install(folderWith({ 'package.json': '{}' }), '@anyllm/core', 'copy');
    becomeVersion(path, changes);
    const load = (file: string) => import(/* @vite-ignore */ pathToFileURL(join(path, 'dist', file)).href);
    return { ...(await load('provider.js')), ...(await load('index.js')) };
  }

  /** One that fails with an error of its own, as the core sees it that it was made with. */
  const busy = (made: Pick<Other, 'defineProvider'>, id: string, error: Error): Provider =>
    made.defineProvider({
      id,
      complete: () => Promise.reject(error),
      async *stream() {
        yield await Promise.reject(error);
      },
    });

  test('of one contract know the errors of each other, and retry them', async () => {
    const other = await otherCore({});
    const details = { provider: 'busy-there', status: 503, retryable: true, retryAfterMs: 1 };
    const overloaded = new other.OverloadedError('busy-there: no capacity', details);
    other.registerProvider(busy(other, 'busy-there', overloaded));
    for (const stream of [false, true]) {
      const error = await failure(core.completion({ model: 'busy-there/x', prompt: 'Hi', stream }, { retries: 1 }));
      expect(error).toBe(overloaded);
      expect((error as core.AnyLLMError).attempts).toHaveLength(2);
      expect(core.OverloadedError.isInstance(error)).toBe(true);
    }
  });

  test('of two contracts refuse the providers of each other', async () => {
    const other = await otherCore(nextContract);
    const lost = new Error('lost');
    other.registerProvider(busy(other, 'later', lost));
    registerProvider(busy({ defineProvider }, 'earlier', lost));
    for (const stream of [false, true]) {
      const later = core.completion({ model: 'later/x', prompt: 'Hi', stream });
      expect(await failure(later)).toMatchObject({ code: 'provider_not_found', provider: 'later', cause: { path: 'specification' } }); // biome-ignore format: one line
      const earlier = other.completion({ model: 'earlier/x', prompt: 'Hi', stream });
      expect(await failure(earlier)).toMatchObject({ code: 'provider_not_found', provider: 'earlier' });
    }
    const error = (await failure(core.completion({ model: 'later/x', prompt: 'Hi' }))) as Error;
    expect(error.message).toMatchInlineSnapshot(
      `"the provider that is registered as "later" cannot be used: provider later follows contract version 2, this core version 1; install versions of its package and of @anyllm/core that fit each other"`,
    );
    expect(await failure(() => createClient({ providers: [busy(other, 'later', lost)] }))).toMatchObject({
      code: 'invalid_request',
      path: 'specification',
    });
  });

  test('are of no concern to the providers that both can use', async () => {
    const other = await otherCore(nextContract);
    const lost = new Error('lost');
    other.registerProvider(busy(other, 'next-to-it', lost));
    registerProvider(busy({ defineProvider }, 'good', lost));
    expect(await failure(core.completion({ model: 'good/x', prompt: 'Hi' }))).toMatchObject({ cause: lost });
  });
});
