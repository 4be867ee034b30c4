import {
  compare,
  completion,
  createClient,
  createLimiter,
  embedding,
  gather,
  hedge,
  InvalidRequestError,
  jsonSchema,
  listModels,
  mapConcurrent,
  race,
  retry,
  runTools,
  tool,
  withTimeout,
} from '@anyllm/core';
import { batch, createBatch } from '@anyllm/core/batch';
import { createOpenAI } from '@anyllm/provider-openai';
import { expect, test } from 'vitest';
import { failure, model } from './simulated-openai.ts';

const misspelt = (name: string) => ({ [name]: 1 }) as object;
const task = () => 1;
const request = { model, prompt: 'Hi' } as const;
const rows = [{ custom_id: 'a', request }];
const firstOf = (stream: AsyncIterable<unknown>) => stream[Symbol.asyncIterator]().next();
const noop = tool({ name: 'noop', execute: task });
const anything = jsonSchema({ type: 'object' });

test.each<[string, () => unknown, string, string]>([
  ['gather', () => gather([task], misspelt('concurency')), 'concurency', 'concurrency, timeout, settle'],
  ['compare', () => compare({ prompt: 'Hi' }, { models: [model], ...misspelt('settle') }), 'settle', 'models, timeout'],
  ['race', () => race([task], misspelt('timout')), 'timout', 'timeout, signal'],
  ['withTimeout', () => withTimeout(task, 5, misspelt('sginal')), 'sginal', 'signal'],
  ['mapConcurrent', () => mapConcurrent([1], task, misspelt('order')), 'order', 'concurrency, ordered, signal'],
  ['embedding', () => embedding({ model, input: 'a' }, misspelt('batch_size')), 'batch_size', 'concurrency, batchSize'],
  [
    'embedding.stream',
    () => firstOf(embedding.stream({ model, input: 'a' }, misspelt('size'))),
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

const wrong = (options: object) => options as never;
const waitFor = (options: object) => batch.wait('openai/batch_1', wrong(options));

test.each<[string, () => unknown, string]>([
  ['gather', () => gather([task], wrong({ settle: 'yes' })), 'options.settle'],
  ['gather', () => gather([task], null as never), 'options'],
  ['compare', () => compare({ prompt: 'Hi' }, wrong({ models: [] })), 'options.models'],
  ['compare', () => compare({ prompt: 'Hi' }, wrong({ models: [model], onProgress: 5 })), 'options.onProgress'],
  [
    'compare',
    () => compare({ prompt: 'Hi' }, wrong({ models: [model], timeout: { total: 0 } })),
    'options.timeout.total',
  ],
  ['race', () => race([task], wrong({ signal: new AbortController() })), 'options.signal'],
  ['withTimeout', () => withTimeout(task, -5), 'timeoutMs'],
  ['withTimeout', () => withTimeout(task, 5, wrong({ signal: 5 })), 'options.signal'],
  ['mapConcurrent', () => mapConcurrent([1], task, wrong({ ordered: 'no' })), 'options.ordered'],
  ['retry', () => retry(task, 2, wrong({ timout: 5 })), 'options.timout'],
  ['hedge', () => hedge(task, 5, wrong({ sginal: 5 })), 'options.sginal'],
  ['embedding', () => embedding({ model, input: 'a' }, { batchSize: 0 }), 'options.batchSize'],
  ['embedding', () => embedding({ model, input: 'a' }, wrong({ settle: 1 })), 'options.settle'],
  ['runTools', () => runTools(request, { tools: [noop], deadline: -1 }), 'options.deadline'],
  ['runTools', () => runTools(request, wrong({ tools: [noop, task] })), 'options.tools[1]'],
  ['runTools', () => runTools(null as never, { tools: [noop] }), ''],
  ['completion', () => completion({ ...request, response_format: anything }, null as never), 'options'],
  ['tool', () => tool({ name: 'noop', execute: task, timeout: 0 }), 'tool.timeout'],
  ['batch.create', () => batch.create({ requests: rows }, wrong({ local: 'yes' })), 'options.local'],
  ['batch.create', () => batch.create({ requests: [{ request } as never] }), 'requests[0].custom_id'],
  ['batch.wait', () => waitFor({ interval: 0 }), 'options.interval'],
  ['batch.wait', () => waitFor({ timeout: { total: 5 } }), 'options.timeout'],
  ['batch.wait', () => waitFor({ onProgress: 5 }), 'options.onProgress'],
])('%s tells by the path what is wrong', async (_, call, path) => {
  expect(await failure(async () => call())).toMatchObject({ code: 'invalid_request', path });
});

const unasked = createClient({ providers: [createOpenAI({ apiKey: 'key', baseURL: 'http://127.0.0.1:9' })] });
const messages = [{ role: 'user' as const, content: 'Hi' }];
const unaskedBatch = createBatch(unasked);

/** Whatever is like a completion but none. */
const others: [string, (options: object) => unknown][] = [
  ['messages', (options) => unasked.messages({ model, messages, max_tokens: 5 }, options)],
  ['messages as a stream', (options) => unasked.messages({ model, messages, max_tokens: 5, stream: true }, options)],
  ['responses', (options) => unasked.responses({ model, input: 'Hi' }, options)],
  ['responses as a stream', (options) => unasked.responses({ model, input: 'Hi', stream: true }, options)],
  ['embedding', (options) => unasked.embedding({ model, input: 'a' }, options)],
  ['embedding.stream', (options) => firstOf(unasked.embedding.stream({ model, input: 'a' }, options))],
  ['listModels', (options) => unasked.listModels('openai', options)],
  ['countTokens', (options) => unasked.countTokens({ model, messages }, options)],
  ['moderation', (options) => unasked.moderation({ model, input: 'a' }, options)],
  ['imageGeneration', (options) => unasked.imageGeneration({ model, prompt: 'a' }, options)],
  ['imageEdit', (options) => unasked.imageEdit({ model, prompt: 'a', images: new Blob(['a']) }, options)],
  ['rerank', (options) => unasked.rerank({ model, query: 'a', documents: ['b'] }, options)],
  ['speech', (options) => unasked.speech({ model, input: 'a', voice: 'b' }, options)],
  ['transcription', (options) => unasked.transcription({ model, file: new Blob(['a']) }, options)],
  ['batch.create', (options) => unaskedBatch.create({ requests: rows }, options)],
  ['batch.retrieve', (options) => unaskedBatch.retrieve('openai/batch_1', options)],
  ['batch.wait', (options) => unaskedBatch.wait('openai/batch_1', options)],
];

test.each(others)('%s refuses the options that only completions have', async (_, call) => {
  for (const [name, value] of Object.entries({ onInterrupt: 'restart', repair: 1 })) {
    const error = await failure(async () => call({ [name]: value }));
    expect(error).toMatchObject({ code: 'invalid_request', path: `options.${name}` });
  }
});

test.each<[string, object, string]>([
  ['listModels', { fallbacks: [model] }, 'options.fallbacks'],
  ['listModels', { provider: 'openai' }, 'options.provider'],
  ['batch.create', { fallbacks: [model] }, 'options.fallbacks'],
  ['batch.retrieve', { fallbacks: [model] }, 'options.fallbacks'],
])('%s refuses %j, which it would leave aside', async (name, options, path) => {
  const call = new Map(others).get(name);
  const error = await failure(async () => call?.(options));
  expect(error).toMatchObject({ code: 'invalid_request', path, message: expect.stringContaining('must be left out') });
});

test.each<[object, string]>([
  [{ model }, 'model'],
  [{ stream: true }, 'stream'],
])('compare refuses %j in the request, which its options overrule', async (fields, path) => {
  const asked = { prompt: 'Hi', ...fields } as { prompt: string };
  expect(await failure(unasked.compare(asked, { models: [model] }))).toMatchObject({ code: 'invalid_request', path });
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

test('what is empty is called empty', async () => {
  const error = await failure(async () => embedding({ model, input: [] }));
  expect(error).toMatchObject({ path: 'input', message: '`input` must not be empty' });
});
