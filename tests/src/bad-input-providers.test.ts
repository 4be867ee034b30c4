import { AnyLLMError, createClient, ResponseParseError, StreamInterruptedError, TimeoutError } from '@anyllm/core';
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
const head = { id: '1', object: 'chat.completion.chunk', created: 1, model: 'm' };
const good = { ...head, choices: [{ index: 0, delta: { content: 'Hi' }, finish_reason: null }] };
const end = { ...head, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
const message = { role: 'assistant', content: 'Hi' };
const choice = { index: 0, message, finish_reason: 'stop' };
const request = { model: 'broken/x', prompt: 'Hi' } as const;

test.each<[string, Broken['complete']]>([
  ['throws', () => { throw bug; }], // biome-ignore format: one line
  ['rejects', () => Promise.reject(bug)],
  ['rejects with a text', () => Promise.reject('text')],
  ['rejects with nothing', () => Promise.reject()],
  ['returns no promise', () => ({ choices: [] })],
  ['returns nothing', () => undefined],
])('a provider that %s ends in a typed error', async (_, complete) => {
  const settled = watchRejections();
  const error = await failure(clientOf({ complete: complete as never }).completion(request));
  expect(AnyLLMError.isInstance(error)).toBe(true);
  expect(error).toMatchObject({ code: 'provider', provider: 'broken', model: 'x', retryable: false });
  expect((error as Error).message).toMatch(/^broken: the provider failed with a bug \(.+\); see `cause`$/);
  await settled();
});

const call = (name: unknown, args: unknown) => ({ id: 'a', type: 'function', function: { name, arguments: args } });

test.each<[string, unknown, string]>([
  ['nothing', undefined, 'completion'],
  ['null', null, 'completion'],
  ['a text', 'Hello', 'completion'],
  ['a list', [choice], 'completion'],
  ['no choices', { id: '1' }, 'completion.choices'],
  ['choices that are no list', { choices: { 0: choice } }, 'completion.choices'],
  ['a choice that is null', { choices: [null] }, 'completion.choices[0]'],
  ['a choice without index', { choices: [{ ...choice, index: undefined }] }, 'completion.choices[0].index'],
  ['a choice without message', { choices: [choice, { ...choice, message: null }] }, 'completion.choices[1].message'],
  ['a content that is a number', { choices: [{ ...choice, message: { content: 5 } }] }, 'completion.choices[0].message.content'], // biome-ignore format: one line
  ['a content in parts', { choices: [{ ...choice, message: { content: [] } }] }, 'completion.choices[0].message.content'], // biome-ignore format: one line
  ['reasoning that is an object', { choices: [{ ...choice, message: { reasoning: {} } }] }, 'completion.choices[0].message.reasoning'], // biome-ignore format: one line
  ['tool calls that are no list', { choices: [{ ...choice, message: { tool_calls: {} } }] }, 'completion.choices[0].message.tool_calls'], // biome-ignore format: one line
  ['a tool call without name', { choices: [{ ...choice, message: { tool_calls: [call('f', ''), call(undefined, '')] } }] }, 'completion.choices[0].message.tool_calls[1]'], // biome-ignore format: one line
  ['arguments that are an object', { choices: [{ ...choice, message: { tool_calls: [call('f', {})] } }] }, 'completion.choices[0].message.tool_calls[0]'], // biome-ignore format: one line
  ['annotations that are a text', { choices: [{ ...choice, message: { annotations: 'x' } }] }, 'completion.choices[0].message.annotations'], // biome-ignore format: one line
  ['log probabilities that are a number', { choices: [{ ...choice, logprobs: 5 }] }, 'completion.choices[0].logprobs'],
  ['log probabilities of a number', { choices: [{ ...choice, logprobs: { content: 5 } }] }, 'completion.choices[0].logprobs'], // biome-ignore format: one line
  ['no finish reason', { choices: [{ ...choice, finish_reason: null }] }, 'completion.choices[0].finish_reason'],
  ['an unknown finish reason', { choices: [{ ...choice, finish_reason: 'done' }] }, 'completion.choices[0].finish_reason'], // biome-ignore format: one line
])('a provider that answers %s ends in a typed error that names it', async (_, answer, path) => {
  const error = await failure(clientOf({ complete: async () => answer }).completion(request));
  expect(error).toBeInstanceOf(ResponseParseError);
  expect(error).toMatchObject({ provider: 'broken', model: 'x', retryable: false });
  expect(error).toMatchObject({ attempts: [{ error: { code: 'response_parse' } }] });
  expect((error as Error).message).toBe(
    `broken: the provider gave a wrong \`${path}\`; that is a bug in it, to be reported to its authors`,
  );
});

test('a provider that answers with no choices ends in a typed error that may be retried', async () => {
  const complete = async () => ({ ...head, choices: [] });
  const error = await failure(clientOf({ complete }).completion(request, { retries: 1 }));
  expect(error).toBeInstanceOf(ResponseParseError);
  expect(error).toMatchObject({ provider: 'broken', model: 'x', retryable: true, attempts: [{}, {}] });
});

test.each<[string, Broken['stream']]>([
  ['throws', () => { throw bug; }], // biome-ignore format: one line
  ['returns nothing', () => undefined],
  ['returns a promise', async () => {}],
  ['returns a list', () => [good]],
  ['returns an iterator that returns nothing', () => ({ [Symbol.asyncIterator]: () => ({ next: () => undefined }) })],
  ['returns an iterator that settles to nothing', () => ({ [Symbol.asyncIterator]: () => ({ next: async () => undefined }) })], // biome-ignore format: one line
  ['returns an iterator that throws', () => ({ [Symbol.asyncIterator]: () => ({ next: () => { throw bug; } }) })], // biome-ignore format: one line
  ['rejects at once', async function* () { yield await Promise.reject(bug); }], // biome-ignore format: one line
  ['throws later', async function* () { yield good; throw bug; }], // biome-ignore format: one line
])('a provider whose stream %s ends in a typed error', async (_, stream) => {
  const settled = watchRejections();
  const error = await failure(readAll({ stream: stream as never }));
  expect(AnyLLMError.isInstance(error)).toBe(true);
  expect(error).toMatchObject({ provider: 'broken', model: 'x' });
  expect(['provider', 'stream_interrupted']).toContain((error as AnyLLMError).code);
  expect((error as Error).message).not.toContain(bug.message);
  await settled();
});

async function readAll(broken: Broken) {
  const stream = await clientOf(broken).completion({ ...request, stream: true }, { timeout });
  return stream.completion();
}

const delta = (delta: unknown) => ({ ...head, choices: [{ index: 0, delta, finish_reason: null }] });
const fragment = (fragment: unknown) => delta({ tool_calls: [fragment] });

test.each<[string, unknown, string]>([
  ['null', null, 'chunk'],
  ['a text', 'Hi', 'chunk'],
  ['a number in a list', [5], 'chunk'],
  ['nothing', undefined, 'chunk'],
  ['a chunk without choices', {}, 'chunk.choices'],
  ['choices that are null', { ...head, choices: null }, 'chunk.choices'],
  ['a choice that is null', { ...head, choices: [null] }, 'chunk.choices[0]'],
  ['a choice without index', { ...head, choices: [{ delta: {} }] }, 'chunk.choices[0].index'],
  ['a choice of index -1', { ...head, choices: [{ index: -1, delta: {} }] }, 'chunk.choices[0].index'],
  ['a choice without delta', { ...head, choices: [{ index: 0 }] }, 'chunk.choices[0].delta'],
  ['a content that is a number', delta({ content: 5 }), 'chunk.choices[0].delta.content'],
  ['a refusal that is true', delta({ refusal: true }), 'chunk.choices[0].delta.refusal'],
  ['tool calls that are a number', delta({ tool_calls: 5 }), 'chunk.choices[0].delta.tool_calls'],
  ['tool calls that are a text', delta({ tool_calls: 'f' }), 'chunk.choices[0].delta.tool_calls'],
  ['a tool call that is null', fragment(null), 'chunk.choices[0].delta.tool_calls[0]'],
  ['a tool call without index', fragment({ function: { name: 'f' } }), 'chunk.choices[0].delta.tool_calls[0]'],
  ['a tool call of a huge index', fragment({ index: 1e9 }), 'chunk.choices[0].delta.tool_calls[0]'],
  ['arguments that are an object', fragment({ index: 0, function: { arguments: {} } }), 'chunk.choices[0].delta.tool_calls[0]'], // biome-ignore format: one line
  ['audio that is a text', delta({ audio: 'x' }), 'chunk.choices[0].delta.audio'],
  ['reasoning details that are an object', delta({ reasoning_details: {} }), 'chunk.choices[0].delta.reasoning_details'], // biome-ignore format: one line
  ['an unknown finish reason', { ...head, choices: [{ index: 0, delta: {}, finish_reason: 'done' }] }, 'chunk.choices[0].finish_reason'], // biome-ignore format: one line
])(
  'a provider whose stream yields %s ends in a typed error that names it, before the first content and after',
  async (_, chunk, path) => {
    const settled = watchRejections();
    const message = `broken: the provider gave a wrong \`${path}\`; that is a bug in it, to be reported to its authors`;
    const first = await failure(readAll({ async *stream() { yield chunk; yield end; } })); // biome-ignore format: one line
    expect(first).toBeInstanceOf(ResponseParseError);
    expect(first).toMatchObject({ provider: 'broken', model: 'x', retryable: false, message });
    const later = await failure(readAll({ async *stream() { yield good; yield chunk; yield end; } })); // biome-ignore format: one line
    expect(later).toBeInstanceOf(StreamInterruptedError);
    expect(later).toMatchObject({ provider: 'broken', model: 'x', partial: { text: 'Hi' }, cause: { code: 'response_parse', message } }); // biome-ignore format: one line
    await settled();
  },
);

test('a stream that ends at once is no answer, one that ends before its first content was cut', async () => {
  const role = { ...head, choices: [{ index: 0, delta: { role: 'assistant' }, finish_reason: null }] };
  for (const [chunks, code] of [
    [[], 'response_parse'],
    [[role], 'stream_interrupted'],
  ] as const) {
    // biome-ignore format: one line
    const error = await failure(readAll({ stream: async function* () { yield* chunks; } })); // biome-ignore format: one line
    expect(error).toMatchObject({ code, provider: 'broken', model: 'x', retryable: true });
  }
});

test('a stream may say in plain JavaScript that a choice goes on, and return what it likes', async () => {
  const bare = { choices: [{ index: 0, delta: { content: 'Hi' } }] };
  const answer = await readAll({ async *stream() { yield bare; yield end; return 5; } }); // biome-ignore format: one line
  expect(answer).toMatchObject({ text: 'Hi', choices: [{ finish_reason: 'stop' }] });
});

test.each<[string, () => Error]>([
  [
    'says that it was interrupted',
    () => new StreamInterruptedError('broken: the stream ended', { provider: 'broken' }),
  ],
  ['says that its time is up', () => new TimeoutError('broken: too late', { phase: 'idle', timeoutMs: 5 })],
])('a provider that %s leaves the part that had come', async (_, make) => {
  const error = await failure(readAll({ async *stream() { yield good; throw make(); } })); // biome-ignore format: one line
  expect(error).toMatchObject({ code: (make() as AnyLLMError).code, partial: { text: 'Hi' } });
  expect((error as Error).message).toContain(make().message.replace('broken: ', ''));
});

const counted = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };

test.each<[string, unknown, string]>([
  ['a text', 'many', 'usage'],
  ['a negative count', { ...counted, prompt_tokens: -3 }, 'usage.prompt_tokens'],
  ['a count that is no number', { ...counted, completion_tokens: Number.NaN }, 'usage.completion_tokens'],
  ['an infinite count', { ...counted, total_tokens: Number.POSITIVE_INFINITY }, 'usage.total_tokens'],
  ['a count that is a text', { ...counted, total_tokens: '5' }, 'usage.total_tokens'],
  ['no total', { ...counted, total_tokens: undefined }, 'usage.total_tokens'],
  ['a negative detail', { ...counted, prompt_tokens_details: { cached_tokens: -1 } }, 'usage.prompt_tokens_details'],
  ['a detail that is a text', { ...counted, completion_tokens_details: 'x' }, 'usage.completion_tokens_details'],
])('usage with %s is left out with a warning, and the answer stays', async (_, usage, path) => {
  const last = Object.freeze({ ...end, usage });
  const client = clientOf({
    complete: async () => Object.freeze({ ...head, object: 'chat.completion', choices: [choice], usage }),
    async *stream() {
      yield { ...good, usage };
      yield [good, last];
    },
  });
  const stream = await client.completion({ ...request, stream: true });
  for await (const chunk of stream) expect(chunk).not.toHaveProperty('usage');
  for (const answer of [await client.completion(request), await stream.completion()]) {
    expect(answer.text).toMatch(/^(Hi)+$/);
    expect(answer).not.toHaveProperty('usage');
    expect(answer.meta.warnings).toEqual([
      { code: 'usage_dropped', message: `broken gave a wrong \`${path}\`; the usage was left out` },
    ]);
  }
});

test.each([undefined, null])('usage that is %o is none, without a warning', async (usage) => {
  const { completion } = clientOf({ complete: async () => ({ ...head, choices: [choice], usage }) });
  const { text, meta } = await completion(request);
  expect([text, meta.warnings]).toEqual(['Hi', []]);
});

test('what comes after the finish of a choice is kept, with a warning', async () => {
  const answer = await readAll({ async *stream() { yield good; yield end; yield good; yield good; } }); // biome-ignore format: one line
  expect(answer.text).toBe('HiHiHi');
  expect(answer.meta.warnings).toEqual([
    { code: 'content_after_finish', message: 'broken went on with a choice after its finish reason' },
  ]);
  const ended = await readAll({ async *stream() { yield good; yield end; yield { ...end, choices: [], usage: counted }; yield end; } }); // biome-ignore format: one line
  expect(ended).toMatchObject({ text: 'Hi', usage: counted, meta: { warnings: [] } });
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
    expect(await failure(completion(request, { timeout: 50 }))).toMatchObject({
      code: 'timeout',
      phase: 'total',
      provider: 'broken',
      message: 'broken: no complete answer within 50 ms (timeout.total)',
    });
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
