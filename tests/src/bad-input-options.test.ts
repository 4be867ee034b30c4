import {
  compare,
  createClient,
  createLimiter,
  embedding,
  gather,
  hedge,
  InvalidRequestError,
  listModels,
  mapConcurrent,
  race,
  retry,
  runTools,
  tool,
  withTimeout,
} from '@anyllm/core';
import { batch } from '@anyllm/core/batch';
import { expect, test } from 'vitest';
import { failure, model } from './simulated-openai.ts';

const misspelt = (name: string) => ({ [name]: 1 }) as object;
const task = () => 1;
const request = { model, prompt: 'Hi' } as const;
const rows = [{ custom_id: 'a', request }];
const noop = tool({ name: 'noop', execute: task });

test.each<[string, () => unknown, string, string]>([
  ['gather', () => gather([task], misspelt('concurency')), 'concurency', 'concurrency, timeout, settle'],
  ['compare', () => compare(request, { models: [model], ...misspelt('settle') }), 'settle', 'models, timeout'],
  ['race', () => race([task], misspelt('timout')), 'timout', 'timeout, signal'],
  ['withTimeout', () => withTimeout(task, 5, misspelt('sginal')), 'sginal', 'signal'],
  ['mapConcurrent', () => mapConcurrent([1], task, misspelt('order')), 'order', 'concurrency, ordered, signal'],
  ['embedding', () => embedding({ model, input: 'a' }, misspelt('batch_size')), 'batch_size', 'concurrency, batchSize'],
  [
    'embedding.stream',
    () => embedding.stream({ model, input: 'a' }, misspelt('size')),
    'size',
    'concurrency, batchSize, signal',
  ],
  [
    'runTools',
    () => runTools(request, { tools: [noop], ...misspelt('max_steps') }),
    'max_steps',
    'maxSteps, maxTokens',
  ],
  ['batch.create', () => batch.create({ requests: rows }, misspelt('jurnal')), 'jurnal', 'local, journal'],
  ['batch.wait', () => batch.wait('openai/batch_1', misspelt('intervall')), 'intervall', 'interval, onProgress'],
])('a misspelt option of %s is refused, and the right ones are told', async (_, call, name, known) => {
  const error = await failure(async () => call());
  expect(error).toBeInstanceOf(InvalidRequestError);
  expect(error).toMatchObject({ path: `options.${name}`, message: expect.stringContaining(`known are ${known}`) });
});

test.each<[string, () => unknown, string]>([
  ['retry', () => retry(undefined as never), 'task'],
  ['withTimeout', () => withTimeout(5 as never, 5), 'task'],
  ['hedge', () => hedge('task' as never, 5), 'task'],
  ['race', () => race([Promise.resolve(1) as never]), 'tasks[0]'],
  ['mapConcurrent', () => mapConcurrent([1], 5 as never), 'fn'],
])('%s of what is no function is refused', async (_, call, path) => {
  expect(await failure(async () => call())).toMatchObject({ path, message: `\`${path}\` must be a function` });
});

test('a limiter gives nothing away to what is no function', async () => {
  const limiter = createLimiter({ concurrency: 1 });
  expect(await failure(limiter.run(undefined as never))).toMatchObject({ path: 'task' });
  expect(limiter.stats.running).toBe(0);
});

test.each([undefined, null, 5, { provider: 'openai' }, '../openai'])('%j has no models to list', async (provider) => {
  const error = await failure(async () => listModels(provider as never));
  expect(error).toMatchObject({ code: 'invalid_request', path: 'provider' });
});

test('a list of batches is one of a provider', async () => {
  const error = await failure(async () => {
    for await (const _ of batch.list(undefined as never));
  });
  expect(error).toMatchObject({ code: 'invalid_request', path: 'options.provider' });
});

test.each<[object, string]>([
  [{ limits: { concurrency: 1 } }, 'limits.concurrency'],
  [{ limits: { openai: null } }, 'limits.openai'],
  [{ balance: { large: { models: [{ model }, model] } } }, 'balance.large.models[1]'],
  [{ balance: { large: { models: [] } } }, 'balance.large.models'],
])('the settings %j are refused with the place', async (settings, path) => {
  expect(await failure(async () => createClient(settings))).toMatchObject({ code: 'invalid_request', path });
});

test('what is empty is called empty', async () => {
  const error = await failure(async () => embedding({ model, input: [] }));
  expect(error).toMatchObject({ path: 'input', message: '`input` must not be empty' });
});
