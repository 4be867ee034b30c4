import { join } from 'node:path';
import { createOpenAI } from '@anyllm/provider-openai';
import { runCases } from '@anyllm/provider-testing';
import { expect, test } from 'vitest';
import { brokenBatches } from './broken-batches.ts';
import { brokenEmbeddings } from './broken-embeddings.ts';
import { brokenOperations } from './broken-operations.ts';
import { brokenProviders } from './broken-providers.ts';
import { brokenStreams } from './broken-streams.ts';
import { folderWith, install, runNode } from './child-process.ts';

const models = { openai: 'gpt-4o', mistral: 'magistral-medium-latest' };

test('the provider of which the broken ones are made passes', async () => {
  const results = await runCases({ createProvider: createOpenAI, simulate: 'openai', model: models.openai });
  expect(results.filter(({ status }) => status !== 'passed')).toEqual([]);
  expect(results.length).toBeGreaterThan(100);
}, 120_000);

test.each(['Promise.reject(new Error("lost"))', 'setImmediate(() => { throw new Error("lost"); })'])(
  'a provider that does %s is caught, and the process goes on',
  async (mistake) => {
    const main = `
      import { join } from 'node:path';
import { createOpenAI } from '@anyllm/provider-openai';
      import { runCases } from '@anyllm/provider-testing';
      const createProvider = (config) => {
        const good = createOpenAI(config);
        const complete = (request, context) => { ${mistake}; return good.complete(request, context); };
        return { ...good, complete };
      };
      const [result] = await runCases({ createProvider, simulate: 'openai', only: ['completion/text'] });
      console.log(result.status, result.error.message);
    `;
    const folder = folderWith({ 'main.mjs': main });
    for (const name of ['@anyllm/provider-openai', '@anyllm/provider-testing']) install(folder, name, 'link');
    const { stdout, code } = await runNode(join(folder, 'main.mjs'));
    expect(stdout).toMatch(/^failed an error was left unhandled: Error: lost/);
    expect(code).toBe(0);
  },
  30_000,
);

const all = { ...brokenProviders, ...brokenStreams, ...brokenEmbeddings, ...brokenOperations, ...brokenBatches };

test.each(Object.entries(all))(
  'a provider that %s is caught',
  async (_, broken) => {
    const { create, caughtBy, saying, simulate = 'openai' } = broken;
    const only = ['completion/text', caughtBy];
    const [works, caught] = await runCases({ createProvider: create, simulate, model: models[simulate], only });
    expect(works).toEqual({ id: 'completion/text', status: 'passed' });
    expect(caught).toMatchObject({ id: caughtBy, status: 'failed' });
    expect(String(caught?.error)).toMatch(saying);
  },
  60_000,
);
