import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startSimulator } from '@anyllm/simulator';
import { expect, onTestFinished, test } from 'vitest';
import { folderWith, install, runNode } from './child-process.ts';

const kit = '@anyllm/provider-kit';

/**
 * Runs code in a process that has imported everything, and then lost the files of the kit whose names begin in this way:
 * as when an update replaces them under a server that runs.
 * @returns what the code logs
 */
async function runWithout(lost: string, code: string, script: Parameters<typeof startSimulator>[0]) {
  const simulator = await startSimulator(script);
  onTestFinished(() => simulator.close());
  const folder = folderWith({
    'main.mjs': `
      import { readdirSync, rmSync } from 'node:fs';
      import { completion } from '@anyllm/core';
      import '@anyllm/provider-openai';

      const dist = 'node_modules/${kit}/dist/';
      for (const name of readdirSync(dist)) if (name.startsWith('${lost}-')) rmSync(dist + name);
      const options = { model: 'openai/gpt-4o', prompt: 'Hi' };
      const describe = ({ code, status, message, cause }) => ({ code, status, message, cause: cause?.code });
      console.log(JSON.stringify(${code}));
    `,
  });
  install(folder, '@anyllm/core', 'link');
  install(folder, '@anyllm/provider-openai', 'copy');
  install(folder, kit, 'copy');
  const undici = fileURLToPath(new URL('../node_modules/undici', import.meta.resolve(kit)));
  symlinkSync(undici, join(folder, 'node_modules/undici'), 'junction');
  const env = { OPENAI_API_KEY: 'sk-x', OPENAI_BASE_URL: simulator.baseURL.openai };
  const { stdout, stderr } = await runNode(join(folder, 'main.mjs'), env);
  return JSON.parse(stdout || JSON.stringify(stderr));
}

test('an error whose explanation has gone from the disk tells its status', async () => {
  const error = await runWithout('explain-failure', 'await completion(options).catch(describe)', {
    script: { status: 503 },
  });
  expect(error).toEqual({
    code: 'provider',
    status: 503,
    message: 'openai: the exchange failed with status 503, and could not be explained; see `cause`',
    cause: 'ERR_MODULE_NOT_FOUND',
  });
});

test('a first stream whose code has gone from the disk is a typed error', async () => {
  const error = await runWithout('stream-chat', 'await completion({ ...options, stream: true }).catch(describe)', {});
  expect(error).toMatchObject({ code: 'provider', cause: 'ERR_MODULE_NOT_FOUND' });
});
