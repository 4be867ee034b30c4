import { createOpenAI } from '@anyllm/provider-openai';
import { runCases } from '@anyllm/provider-testing';
import { expect, test } from 'vitest';
import { brokenProviders } from './broken-providers.ts';

const models = { openai: 'gpt-4o', mistral: 'magistral-medium-latest' };

test('the provider of which the broken ones are made passes', async () => {
  const results = await runCases({ createProvider: createOpenAI, simulate: 'openai', model: models.openai });
  expect(results.filter(({ status }) => status !== 'passed')).toEqual([]);
  expect(results.length).toBeGreaterThan(100);
}, 120_000);

test.each(Object.entries(brokenProviders))(
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
