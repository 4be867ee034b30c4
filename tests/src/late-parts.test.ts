import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startSimulator } from '@anyllm/simulator';
import { expect, onTestFinished, test } from 'vitest';
import { folderWith, install, runNode } from './child-process.ts';

const core = '@anyllm/core';
const kit = '@anyllm/provider-kit';

interface Lost {
  package: string;
  /** How the names of its files begin. */
  part: string;
}

/**
 * Runs code in a process that has imported everything, and then lost files, as when an update replaces them under a
 * server that runs.
 * @returns what the code logs
 */
async function runWithout(lost: Lost, code: string, script: Parameters<typeof startSimulator>[0] = {}) {
  const simulator = await startSimulator(script);
  onTestFinished(() => simulator.close());
  const folder = folderWith({
    'main.mjs': `
      import { readdirSync, rmSync } from 'node:fs';
      import { completion, embedding } from '@anyllm/core';
      import '@anyllm/provider-openai';

      const dist = 'node_modules/${lost.package}/dist/';
      for (const name of readdirSync(dist)) if (name.startsWith('${lost.part}-')) rmSync(dist + name);
      const options = { model: 'openai/gpt-4o', prompt: 'Hi' };
      const describe = ({ code, status, message, cause }) => ({ code, status, message, cause: (cause?.cause ?? cause)?.code });
      console.log(JSON.stringify(${code}));
    `,
  });
  install(folder, core, 'copy');
  install(folder, '@anyllm/provider-openai', 'copy');
  install(folder, kit, 'copy');
  const undici = fileURLToPath(new URL('../node_modules/undici', import.meta.resolve(kit)));
  symlinkSync(undici, join(folder, 'node_modules/undici'), 'junction');
  const env = { OPENAI_API_KEY: 'sk-x', OPENAI_BASE_URL: simulator.baseURL.openai };
  const { stdout, stderr } = await runNode(join(folder, 'main.mjs'), env);
  return JSON.parse(stdout || JSON.stringify(stderr));
}

test('an error whose explanation has gone from the disk tells its status', async () => {
  const error = await runWithout(
    { package: kit, part: 'explain-failure' },
    'await completion(options).catch(describe)',
    {
      script: { status: 503 },
    },
  );
  expect(error).toEqual({
    code: 'provider',
    status: 503,
    message: 'openai: the exchange failed with status 503, and could not be explained; see `cause`',
    cause: 'ERR_MODULE_NOT_FOUND',
  });
});

test('a first answer with more than text whose reading has gone from the disk is a typed error', async () => {
  const toolCalls = [{ id: 'a', name: 'f', arguments: {} }];
  const error = await runWithout({ package: kit, part: 'to-completion' }, 'await completion(options).catch(describe)', {
    script: { toolCalls },
  });
  expect(error).toMatchObject({ code: 'provider', cause: 'ERR_MODULE_NOT_FOUND' });
});

test('a failure is final where retries and fallbacks have gone from the disk, and is what it is', async () => {
  const told = '({ code, attempts, cause }) => ({ code, attempts, cause: cause.cause.code })';
  const call = `await completion(options).catch(${told})`;
  const error = await runWithout({ package: core, part: 'after-failure' }, call, { script: { status: 503 } });
  expect(error).toMatchObject({ code: 'overloaded', attempts: [{ status: 503 }], cause: 'ERR_MODULE_NOT_FOUND' });
});

test.each<[string, Lost, string]>([
  ['stream', { package: kit, part: 'stream-chat' }, 'completion({ ...options, stream: true })'],
  ['stream', { package: core, part: 'dispatch-stream' }, 'completion({ ...options, stream: true })'],
  ['request with more than text', { package: core, part: 'rich-requests' }, 'completion({ ...options, seed: 1 })'],
  ['fallback', { package: core, part: 'after-failure' }, "completion(options, { fallbacks: ['openai/gpt-4o-mini'] })"],
  ['embedding', { package: core, part: 'beyond-completion' }, "embedding({ ...options, input: 'Hi' })"],
])('a first %s whose code has gone from the disk is a typed error: %o', async (_, lost, call) => {
  const error = await runWithout(lost, `await ${call}.catch(describe)`);
  expect(error).toMatchObject({ code: 'provider', cause: 'ERR_MODULE_NOT_FOUND' });
});
