import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as core from '@anyllm/core';
import { completion, createClient, InvalidRequestError, ProviderNotFoundError, registerProvider } from '@anyllm/core';
import { defineProvider } from '@anyllm/core/provider';
import { describe, expect, test } from 'vitest';
import { folderWith, install, packageFiles, runNode } from './child-process.ts';
import { failure, model, simulateOpenAI } from './simulated-openai.ts';

/** A provider that is not reached over the network; it answers with its id and the model that it was asked for. */
const localProvider = `
  import { foldCompletion } from '@anyllm/core/fold';
  import { defineProvider, registerProvider } from '@anyllm/core/provider';
  const chunk = (text) => ({ id: '1', object: 'chat.completion.chunk', created: 1, model: 'm',
    choices: [{ index: 0, delta: { content: text }, finish_reason: 'stop' }] });
  registerProvider(defineProvider({
    id: ID,
    complete: async ({ model }) => foldCompletion([chunk(ID + ' ' + model)]),
    async *stream({ model }) { yield chunk(ID + ' ' + model); },
  }));
`;
const providerOf = (id: string) => localProvider.replaceAll('ID', JSON.stringify(id));

/** Asks a model in a process of its own and prints the answer's text or what the error tells. */
const ask = (model: string) => `
  import { completion } from '@anyllm/core';
  try {
    console.log((await completion({ model: ${JSON.stringify(model)}, prompt: 'Hi' })).text);
  } catch (error) {
    console.log(JSON.stringify({ code: error.code, provider: error.provider, message: error.message, cause: error.cause?.message }));
  }
`;

describe('the registry', () => {
  test('importing a provider package makes its models known', async () => {
    const { simulator } = await simulateOpenAI();
    await import('@anyllm/provider-openai');
    const options = { apiKey: 'sk-x', baseURL: simulator.baseURL.openai };
    expect((await completion({ model, prompt: 'Hi' }, options)).meta.provider).toBe('openai');
  });

  test('a later provider of the same id replaces the earlier', async () => {
    const answering = (text: string) =>
      defineProvider({ id: 'twice', complete: () => Promise.reject(new Error(text)), async *stream() {} });
    registerProvider(answering('first'));
    registerProvider(answering('second'));
    expect(await failure(completion({ model: 'twice/x', prompt: 'Hi' }))).toMatchObject({
      cause: { message: 'second' },
    });
  });

  test.each([null, undefined, {}, 'openai', () => {}, { id: 'x' }])('%o cannot be registered', async (provider) => {
    expect(await failure(() => registerProvider(provider as never))).toBeInstanceOf(InvalidRequestError);
  });

  test.each(['', 'A', 'a b', '../x', '@a/b', '-a', 'a/b', 'a:b', '__proto__', 'a'.repeat(65)])(
    '%o is no id of a provider',
    async (id) => {
      const define = () => defineProvider({ id, complete: async () => ({}) as never, async *stream() {} });
      expect(await failure(define)).toMatchObject({ code: 'invalid_request', path: 'id' });
    },
  );

  test('a client with providers of its own knows no other', async () => {
    await import('@anyllm/provider-openai');
    const own = defineProvider({ id: 'own', complete: async () => ({}) as never, async *stream() {} });
    const { completion } = createClient({ providers: [own] });
    const error = (await failure(completion({ model: model as never, prompt: 'Hi' }))) as ProviderNotFoundError;
    expect(error).toBeInstanceOf(ProviderNotFoundError);
    expect(error.message).toMatchInlineSnapshot(
      `"no provider "openai" (known here: own); check the name, or install its package (@anyllm/provider-openai if there is one, or @anyllm/provider-openai-compatible, which has many vendors) and add it to the client's \`providers\`"`,
    );
  });

  test('a client without any has no provider', async () => {
    const { completion } = createClient({ providers: [] });
    expect(await failure(completion({ model: model as never, prompt: 'Hi' }))).toMatchObject({
      code: 'provider_not_found',
    });
  });
});

describe('two copies of the core', () => {
  async function otherCopy(): Promise<typeof core & { defineProvider: typeof defineProvider }> {
    const folder = folderWith({ 'package.json': '{}' });
    const path = install(folder, '@anyllm/core', 'copy');
    const load = (file: string) => import(/* @vite-ignore */ pathToFileURL(join(path, 'dist', file)).href);
    return { ...(await load('provider.js')), ...(await load('index.js')) };
  }

  test('share one registry', async () => {
    const other = await otherCopy();
    expect(other.registerProvider).not.toBe(core.registerProvider);
    const provider = (id: string) =>
      other.defineProvider({ id, complete: () => Promise.reject(new Error(id)), async *stream() {} });
    other.registerProvider(provider('copied-there'));
    core.registerProvider(provider('copied-here'));
    for (const { completion } of [core, other]) {
      for (const id of ['copied-there', 'copied-here']) {
        expect(await failure(completion({ model: `${id}/x`, prompt: 'Hi' }))).toMatchObject({ cause: { message: id } });
      }
    }
  });

  test('know the errors of each other', async () => {
    const other = await otherCopy();
    const error = await failure(other.completion({ model: 'nothing', prompt: 'Hi' }));
    expect(error).not.toBeInstanceOf(core.AnyLLMError);
    expect(core.AnyLLMError.isInstance(error)).toBe(true);
    expect(core.InvalidRequestError.isInstance(error)).toBe(true);
    expect(core.TimeoutError.isInstance(error)).toBe(false);
  });

  test("pass on the other's errors as they are", async () => {
    const other = await otherCopy();
    const limited = new other.RateLimitError('busy: rate limited', { provider: 'busy', status: 429, retryable: false });
    core.registerProvider(
      defineProvider({
        id: 'busy',
        complete: () => Promise.reject(limited),
        async *stream() {
          yield await Promise.reject(limited);
        },
      }),
    );
    expect(await failure(core.completion({ model: 'busy/x', prompt: 'Hi' }))).toBe(limited);
    expect(await failure(core.completion({ model: 'busy/x', prompt: 'Hi', stream: true }))).toBe(limited);
  });
});

describe('a provider that is not registered', () => {
  const prefixes = [
    ['@anyllm/provider-foo', 'copy'],
    ['@anyllm/provider-foo', 'link'],
    ['anyllm-provider-foo', 'copy'],
    ['anyllm-provider-foo', 'link'],
  ] as const;
  test.each(prefixes)('is found as the installed package %s (core as a %s)', async (name, how) => {
    const folder = folderWith({ 'main.mjs': ask('Foo/some/model:1'), ...packageFiles(name, providerOf('foo')) });
    install(folder, '@anyllm/core', how);
    expect((await runNode(join(folder, 'main.mjs'))).stdout).toBe('foo some/model:1\n');
  });

  test('is looked for under our own name first', async () => {
    const folder = folderWith({
      'main.mjs': ask('foo:x'),
      ...packageFiles('@anyllm/provider-foo', providerOf('foo')),
      ...packageFiles('anyllm-provider-foo', 'throw new Error("not asked for")'),
    });
    install(folder, '@anyllm/core', 'copy');
    expect((await runNode(join(folder, 'main.mjs'))).stdout).toBe('foo x\n');
  });

  test.each<[string, string, string, string | undefined]>([
    [
      'throws',
      'throw new Error("broken inside")',
      'anyllm-provider-foo is installed but fails to load',
      'broken inside',
    ],
    ['lacks a dependency', 'import "not-installed"', 'anyllm-provider-foo is installed but fails to load', "Cannot find package 'not-installed'"], // biome-ignore format: one line
    ['is no JavaScript', 'export const =', 'anyllm-provider-foo is installed but fails to load', 'Unexpected token'],
    ['registers nothing', 'export {}', 'anyllm-provider-foo is installed but registers no provider "foo"', undefined],
    ['registers another', providerOf('bar'), 'anyllm-provider-foo is installed but registers no provider "foo"', undefined], // biome-ignore format: one line
  ])('says so when its package %s', async (_, code, message, cause) => {
    const folder = folderWith({ 'main.mjs': ask('foo/x'), ...packageFiles('anyllm-provider-foo', code) });
    install(folder, '@anyllm/core', 'copy');
    const error = JSON.parse((await runNode(join(folder, 'main.mjs'))).stdout);
    expect(error).toMatchObject({ code: 'provider_not_found', provider: 'foo' });
    expect(error.message).toContain(message);
    if (cause) expect(error.cause).toContain(cause);
  });

  test('is an error with the command that installs it and the names that are known', async () => {
    const folder = folderWith({
      'main.mjs': `import 'anyllm-provider-bar'; import 'anyllm-provider-abc';${ask('mistrall/x')}`,
      ...packageFiles('anyllm-provider-bar', providerOf('bar')),
      ...packageFiles('anyllm-provider-abc', providerOf('abc')),
    });
    install(folder, '@anyllm/core', 'copy');
    expect(JSON.parse((await runNode(join(folder, 'main.mjs'))).stdout).message).toMatchInlineSnapshot(
      `"no provider "mistrall" (known here: abc, bar); check the name, or install its package (@anyllm/provider-mistrall if there is one, or @anyllm/provider-openai-compatible, which has many vendors) and import it"`,
    );
  });

  test('is looked for again after it has been installed', async () => {
    const folder = folderWith({
      'main.mjs': `
        import { completion } from '@anyllm/core';
        const ask = () => completion({ model: 'foo/x', prompt: 'Hi' }).then((answer) => answer.text, (error) => error.code);
        console.log(await ask());
        await import('./foo.mjs');
        console.log(await ask());
      `,
      'foo.mjs': providerOf('foo'),
    });
    install(folder, '@anyllm/core', 'copy');
    expect((await runNode(join(folder, 'main.mjs'))).stdout).toBe('provider_not_found\nfoo x\n');
  });
});

describe('a model string from outside', () => {
  const trap = 'import { writeFileSync } from "node:fs"; writeFileSync("caught", ""); console.log("IMPORTED");';
  test.each([
    '../x/y',
    './evil/x',
    '/etc/passwd',
    'file:///tmp/x',
    '@scope/evil/x',
    '@evil/x',
    '..%2fevil/x',
    'evil%00/x',
    'evil\0/x',
    'evil /../x',
    'data:text/javascript,console.log("IMPORTED")',
    'node:fs/x',
    'https://evil.example/x',
    'evil.js/x',
    'evil?x/y',
    'evil#x/y',
    '__proto__/x',
    'EVIL/x',
  ])('%o imports nothing', async (model) => {
    const folder = folderWith({
      'main.mjs': ask(model),
      'evil/index.js': trap,
      'evil.js': trap,
      ...packageFiles('evil', trap),
      ...packageFiles('@scope/evil', trap),
      ...packageFiles('@evil/x', trap),
    });
    install(folder, '@anyllm/core', 'copy');
    const { stdout } = await runNode(join(folder, 'main.mjs'));
    expect(stdout).not.toContain('IMPORTED');
    expect(['invalid_request', 'provider_not_found']).toContain(JSON.parse(stdout).code);
  });
});
