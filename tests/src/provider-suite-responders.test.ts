import { join } from 'node:path';
import type { ProviderConfig } from '@anyllm/core/provider';
import {
  openAIBatches,
  openAICompatible,
  openAIImages,
  openAIModerations,
  openAIRerank,
  openAIResponses,
  openAISpeech,
  openAITokenCounts,
  openAITranscriptions,
} from '@anyllm/provider-kit/openai';
import {
  createResponder,
  type RecordedExchange,
  recordedResponder,
  runCases,
  testProvider,
} from '@anyllm/provider-testing';
import { describe, expect, test } from 'vitest';
import { folderWith, install, runNode } from './child-process.ts';
import { openAIOperationsProtocol } from './openai-operations-protocol.ts';
import { openAIProtocol } from './openai-protocol.ts';

const createProvider = (config: ProviderConfig) =>
  openAICompatible({ id: 'acme', baseURL: 'https://acme.example', apiKeyEnv: 'ACME_API_KEY', config });

describe("with an author's own responder", () => {
  testProvider({ test, createProvider, simulate: createResponder(openAIProtocol) });
});

describe("with an author's own responder, beside completions", () => {
  testProvider({
    test,
    createProvider: (config) =>
      openAICompatible({
        ...{ id: 'acme', baseURL: 'https://acme.example', apiKeyEnv: 'ACME_API_KEY', config },
        operations: (endpoint, chat) => ({
          batches: openAIBatches('acme', endpoint, chat),
          moderate: openAIModerations('acme', endpoint),
          rerank: openAIRerank('acme', endpoint),
          ...openAIImages('acme', endpoint),
          ...openAIResponses('acme', endpoint),
          ...openAISpeech('acme', endpoint),
          ...openAITranscriptions('acme', endpoint),
          countTokens: openAITokenCounts('acme', endpoint),
        }),
      }),
    simulate: createResponder(openAIOperationsProtocol),
    groups: ['moderation', 'rerank', 'images', 'audio', 'responses', 'token-counts', 'batches'],
  });
});

/** Written by hand after OpenAI's reference; a real one is kept as it came. */
const recorded: RecordedExchange = {
  content: { choices: [{ tokens: ['Hello', ' there'] }], usage: { prompt: 9, completion: 2 } },
  whole: {
    body: '{"id":"a","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hello there"},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11}}',
  },
  stream: {
    eventsBeforeTokens: 1,
    body: [
      '{"id":"a","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}',
      '{"id":"a","choices":[{"index":0,"delta":{"content":"Hello"},"finish_reason":null}]}',
      '{"id":"a","choices":[{"index":0,"delta":{"content":" there"},"finish_reason":null}]}',
      '{"id":"a","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11}}',
      '[DONE]',
    ]
      .map((data) => `data: ${data}\n\n`)
      .join(''),
  },
};
const playback = recordedResponder({
  exchanges: { text: recorded, usage: recorded },
  errorEvent: openAIProtocol.errorEvent,
});

describe('with recorded exchanges', () => {
  const skip = [{ case: 'streaming/equals-whole', reason: 'the recorded stream names no model' }];
  testProvider({ test, createProvider, simulate: playback, groups: ['completion', 'streaming', 'usage'], skip });
});

test('what has not been recorded is skipped, and says so', async () => {
  const results = await runCases({ createProvider, simulate: playback, only: ['completion/finish-length'] });
  expect(results).toEqual([
    { id: 'completion/finish-length', status: 'skipped', reason: 'the responder cannot say `length`' },
  ]);
});

test('a skip shows with its reason', async () => {
  const skip = [{ case: 'usage/whole', reason: 'Acme counts on Sundays only' }];
  const settings = { createProvider, simulate: 'openai', groups: ['usage'], skip } as const;
  expect((await runCases(settings))[0]).toEqual({
    id: 'usage/whole',
    status: 'skipped',
    reason: 'Acme counts on Sundays only',
  });
  const titles: string[] = [];
  testProvider({ ...settings, test: (title) => titles.push(title) });
  expect(titles[0]).toBe('usage/whole (skipped: Acme counts on Sundays only)');
});

test('a skip without a reason, or of no case, is refused', async () => {
  const settings = { createProvider, simulate: 'openai' } as const;
  await expect(runCases({ ...settings, skip: [{ case: 'usage/whole', reason: ' ' }] })).rejects.toThrow(
    'The skip of `usage/whole` needs a reason.',
  );
  await expect(runCases({ ...settings, skip: [{ case: 'usage/gone', reason: 'old' }] })).rejects.toThrow(
    'There is no case `usage/gone`.',
  );
});

test('what is declared has to work, what is not has to be refused', async () => {
  const { capabilities } = createProvider({});
  const parameters = capabilities.parameters.filter((name) => name !== 'tools');
  const bare = (config: ProviderConfig) => ({
    ...createProvider(config),
    capabilities: { ...capabilities, parameters },
  });
  const settings = { createProvider: bare, simulate: 'openai', groups: ['tools'] } as const;
  const honest = await runCases(settings);
  expect(honest.map(({ id, status }) => [id, status])).toEqual([
    ['tools/undeclared', 'passed'],
    ['tools/custom-undeclared', 'passed'],
  ]);
  const claimed = await runCases({ ...settings, capabilities, only: ['tools/call'] });
  expect(claimed).toMatchObject([{ id: 'tools/call', status: 'failed' }]);
});

test('the suite runs under `node:test` as well', async () => {
  const folder = folderWith({
    'suite.test.mjs': `
      import { test } from 'node:test';
      import { createOpenAI } from '@anyllm/provider-openai';
      import { testProvider } from '@anyllm/provider-testing';
      const skip = [{ case: 'usage/whole', reason: 'to show it' }];
      testProvider({ test, createProvider: createOpenAI, simulate: 'openai', model: 'gpt-4o', skip });
    `,
  });
  for (const name of ['@anyllm/core', '@anyllm/provider-openai', '@anyllm/provider-testing'])
    install(folder, name, 'link');
  const { stdout, stderr, code } = await runNode(join(folder, 'suite.test.mjs'), {}, 60_000);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('usage/whole (skipped: to show it)');
  expect(Number(/^. pass (\d+)/m.exec(stdout)?.[1])).toBeGreaterThan(100);
  expect(stdout).toMatch(/^. fail 0$/m);
}, 90_000);
