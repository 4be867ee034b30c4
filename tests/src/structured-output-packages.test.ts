import { mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { folderWith, install, runNode } from './child-process.ts';

// What writes a validator's schemas is the application's, and is looked for where the application is.

/** Asks by a schema, of a server that is not there: how far it gets shows whether the schema could be written. */
const program = (schema: string) => `
  import { completion } from '@anyllm/core';
  import { defineProvider, registerProvider } from '@anyllm/core/provider';
  ${schema}
  registerProvider(defineProvider({
    id: 'own',
    complete: async ({ messages }) => { throw new Error(messages[0].content); },
    async *stream() {},
  }));
  try {
    await completion({ model: 'own/x', prompt: 'Hi', response_format: schema });
  } catch (error) {
    console.log(error.cause?.message ?? error.message);
  }
`;
const ofZod3 = program("import { z } from 'zod3'; const schema = z.object({ name: z.string() });");
const ofValibot = program("import * as v from 'valibot'; const schema = v.object({ name: v.string() });");
const written = '"properties":{"name":{"type":"string"}}';

/** As it is here. */
function link(folder: string, name: string): void {
  const from = realpathSync(fileURLToPath(new URL(`../node_modules/${name}`, import.meta.url)));
  const to = join(folder, 'node_modules', name);
  mkdirSync(dirname(to), { recursive: true });
  symlinkSync(from, to, 'junction');
}

async function run(main: string, packages: readonly string[], how: 'copy' | 'link'): Promise<string> {
  const folder = folderWith({ 'main.mjs': main, 'package.json': '{}' });
  for (const name of packages) link(folder, name);
  install(folder, '@anyllm/core', how);
  return (await runNode(join(folder, 'main.mjs'))).stdout;
}

test.each([
  ['zod 3', ofZod3, 'zod3', 'zod-to-json-schema', 'copy'],
  ['zod 3', ofZod3, 'zod3', 'zod-to-json-schema', 'link'],
  ['Valibot', ofValibot, 'valibot', '@valibot/to-json-schema', 'copy'],
  ['Valibot', ofValibot, 'valibot', '@valibot/to-json-schema', 'link'],
] as const)('a schema of %s is written by the package that the application has (core as a %s)', async (...given) => {
  const [, main, validator, writer, how] = given;
  expect(await run(main, [validator, writer], how)).toContain(written);
});

test.each([
  ['zod 3', ofZod3, 'zod3', 'npm install zod-to-json-schema`'],
  ['Valibot', ofValibot, 'valibot', 'npm install @valibot/to-json-schema`'],
])('a schema of %s says what to install', async (_, main, validator, advice) => {
  expect(await run(main, [validator], 'copy')).toContain(advice);
});
