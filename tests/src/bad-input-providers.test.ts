import { AnyLLMError, createClient } from '@anyllm/core';
import { defineProvider } from '@anyllm/core/provider';
import { expect, onTestFinished, test } from 'vitest';
import { failure } from './simulated-openai.ts';

const bug = new TypeError('a text that may hold anything');

type Broken = Partial<Record<'complete' | 'stream', (...inputs: never[]) => unknown>>;

/** A client of a provider that does what no provider should. */
function clientOf(broken: Broken) {
  const provider = defineProvider({
    id: 'broken',
    complete: () => Promise.reject(bug),
    async *stream() {
      yield await Promise.reject(bug);
    },
    ...(broken as object),
  });
  return createClient({ providers: [provider] });
}

/** Fails the test when a rejection is left that nobody handles: outside of tests that ends the process. */
function watchRejections() {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.on('unhandledRejection', note);
  onTestFinished(() => void process.off('unhandledRejection', note));
  return async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(unhandled).toEqual([]);
  };
}

const timeout = 300;
const good = { id: '1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta: { content: 'Hi' }, finish_reason: null }] }; // biome-ignore format: one line

test.each<[string, Broken['complete']]>([
  ['throws', () => { throw bug; }], // biome-ignore format: one line
  ['rejects', () => Promise.reject(bug)],
  ['rejects with a text', () => Promise.reject('text')],
  ['rejects with nothing', () => Promise.reject()],
  ['returns no promise', () => ({ choices: [] })],
  ['returns nothing', () => undefined],
  ['answers nothing', async () => undefined],
  ['answers null', async () => null],
  ['answers a text', async () => 'Hello'],
  ['answers without choices', async () => ({ id: '1' })],
  ['answers a choice that is null', async () => ({ choices: [null] })],
  ['answers a choice without message', async () => ({ choices: [{ index: 0 }] })],
])('a provider that %s ends in a typed error', async (_, complete) => {
  const settled = watchRejections();
  const error = await failure(
    clientOf({ complete: complete as never }).completion({ model: 'broken/x', prompt: 'Hi' }),
  );
  expect(AnyLLMError.isInstance(error)).toBe(true);
  expect(error).toMatchObject({ code: 'provider', provider: 'broken', model: 'x', retryable: false });
  expect((error as Error).message).toMatch(/^broken: the provider failed with a bug \(.+\); see `cause`$/);
  await settled();
});

test.each<[string, Broken['stream']]>([
  ['throws', () => { throw bug; }], // biome-ignore format: one line
  ['returns nothing', () => undefined],
  ['returns a promise', async () => {}],
  ['returns a list', () => [good]],
  ['returns an iterator that returns nothing', () => ({ [Symbol.asyncIterator]: () => ({ next: () => undefined }) })],
  ['returns an iterator that throws', () => ({ [Symbol.asyncIterator]: () => ({ next: () => { throw bug; } }) })], // biome-ignore format: one line
  ['rejects at once', async function* () { yield await Promise.reject(bug); }], // biome-ignore format: one line
  ['yields null', async function* () { yield null; }], // biome-ignore format: one line
  ['yields a text', async function* () { yield 'Hi'; }], // biome-ignore format: one line
  ['yields a chunk without choices', async function* () { yield {}; }], // biome-ignore format: one line
  ['yields a choice that is null', async function* () { yield { ...good, choices: [null] }; }], // biome-ignore format: one line
  ['throws later', async function* () { yield good; throw bug; }], // biome-ignore format: one line
  ['yields null later', async function* () { yield good; yield null; }], // biome-ignore format: one line
  ['yields a number later', async function* () { yield good; yield [5]; }], // biome-ignore format: one line
  ['yields a broken delta later', async function* () { yield good; yield { ...good, choices: [{ index: 0, delta: { tool_calls: 5 } }] }; }], // biome-ignore format: one line
  ['ends at once', async function* () {}],
  ['ends too early', async function* () { yield good; }], // biome-ignore format: one line
])('a provider whose stream %s ends in a typed error', async (_, stream) => {
  const settled = watchRejections();
  const call = async () => {
    const { completion } = clientOf({ stream: stream as never });
    return (await completion({ model: 'broken/x', prompt: 'Hi', stream: true }, { timeout })).completion();
  };
  const error = await failure(call());
  expect(AnyLLMError.isInstance(error)).toBe(true);
  expect(error).toMatchObject({ provider: 'broken', model: 'x' });
  expect(['provider', 'stream_interrupted']).toContain((error as AnyLLMError).code);
  expect((error as Error).message).not.toContain(bug.message);
  await settled();
});

test.each<[string, object]>([
  ['is missing', {}],
  ['throws', { return: () => { throw bug; } }], // biome-ignore format: one line
  ['rejects', { return: () => Promise.reject(bug) }],
  ['returns no promise', { return: () => 5 }],
  ['never settles', { return: () => new Promise(() => {}) }],
])('a stream whose return() %s can be left', async (_, more) => {
  const settled = watchRejections();
  const iterator = { next: async () => ({ done: false, value: good }), ...more };
  const { completion } = clientOf({ stream: () => ({ [Symbol.asyncIterator]: () => iterator }) });
  const stream = await completion({ model: 'broken/x', prompt: 'Hi', stream: true }, { timeout });
  for await (const _ of stream.text()) break;
  expect(await failure(stream.completion())).toMatchObject({ code: 'stream_interrupted' });
  await settled();
});

test('a provider that never settles and ignores its signal is left behind', async () => {
  const never = () => new Promise(() => {});
  const { completion } = clientOf({
    complete: never,
    stream: () => ({ [Symbol.asyncIterator]: () => ({ next: never }) }),
  });
  const reason = new Error('enough');
  for (const stream of [false, true]) {
    const request = { model: 'broken/x', prompt: 'Hi', stream } as const;
    expect(await failure(completion(request, { timeout: 50 }))).toMatchObject({ code: 'timeout', phase: 'total' });
    const controller = new AbortController();
    const aborted = failure(completion(request, { signal: controller.signal }));
    await Promise.resolve();
    controller.abort(reason);
    expect(await aborted).toBe(reason);
  }
});

test('a provider that settles after it was left changes nothing', async () => {
  const settled = watchRejections();
  const { promise, reject } = Promise.withResolvers<never>();
  const { completion } = clientOf({ complete: () => promise });
  const error = await failure(completion({ model: 'broken/x', prompt: 'Hi' }, { timeout: 30 }));
  reject(bug);
  await settled();
  expect(error).toMatchObject({ code: 'timeout', attempts: [{ error: { code: 'timeout' } }] });
});
