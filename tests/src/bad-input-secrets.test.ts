import { inspect } from 'node:util';
import { AnyLLMError, type CallOptions } from '@anyllm/core';
import { createFetchTransport, createUndiciTransport } from '@anyllm/provider-kit';
import type { Fault, Reply } from '@anyllm/simulator';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { failure, model, simulateOpenAI } from './simulated-openai.ts';

const key = 'kvJ8h2-sesame-Qm41';
const header = 'header-sesame-7Yw';
const prompt = 'prompt-sesame: where is the treasure?';

/** Everything of an error that may end up in a log. */
function shown(error: unknown): string {
  const { message, stack } = error as Error;
  return [
    message,
    stack,
    JSON.stringify(error),
    String(error),
    inspect(error, { depth: 12 }),
    inspect(error, { depth: 12, showHidden: true, getters: true }),
  ].join('\n');
}

const echo = `your request: Authorization: Bearer ${key}, x-extra: ${header}`;
const replies: [string, Reply][] = [
  ...[400, 401, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 529].flatMap((status): [string, Reply][] => [
    [`status ${status}`, { status }],
    [`status ${status} that repeats the key`, { status, error: { message: `Incorrect API key provided: ${key}.` } }],
    [`status ${status} that repeats it as text`, { status, body: `no such key ${key} (Bearer ${key})` }],
    [`status ${status} that repeats it in a page`, { status, body: `<html><title>${key}</title></html>` }],
    [`status ${status} that repeats it as the code`, { status, error: { code: key, type: key, param: key } }],
    [`status ${status} with the key as request id`, { status, headers: { 'x-request-id': key } }],
  ]),
  ['a redirect with the key', { status: 302, headers: { location: `http://elsewhere/?key=${key}` }, body: '' }],
  ['a body that is not JSON', { body: `{"echo": ${echo} ${prompt}` }],
  ['a page', { body: `<html>${key}</html>` }],
  ['a body without an answer', { body: { echo: key, prompt } }],
  ['an error event', { fault: { kind: 'error-event', atToken: 1, error: { message: `bad key ${key}` } } }],
  ['an error event at once', { fault: { kind: 'error-event', atToken: 0, error: { message: `bad key ${key}` } } }],
  ...(
    [
      'refuse',
      'reset-before-headers',
      'reset-after-headers',
      'silence',
      'silence-after-headers',
      'empty-body',
      'truncated-json',
    ] as const
  ).map((kind): [string, Reply] => [kind, { fault: { kind } as Fault }]),
  ['a cut', { fault: { kind: 'cut', atToken: 1, by: 'rst' } }],
  ['a malformed event', { fault: { kind: 'malformed-event', atToken: 1 } }],
];

async function failWith(script: Reply, options: CallOptions<'openai'> = {}, stream = false): Promise<unknown> {
  const { client } = await simulateOpenAI({ script: { text: 'fine', ...script } }); // the default answer repeats the prompt
  const all = { apiKey: key, headers: { 'x-extra': header }, timeout: 300, ...options };
  return failure(async () => {
    const answer = await client.completion(
      { model, prompt, stream } as { model: typeof model; prompt: string },
      all as never,
    );
    return 'completion' in answer ? (answer as { completion(): unknown }).completion() : answer;
  });
}

describe.each([false, true])('with stream: %s', (stream) => {
  test.each(replies)('%s shows neither key, header nor prompt', async (_, script) => {
    const error = await failWith(script, {}, stream);
    expect(AnyLLMError.isInstance(error)).toBe(true);
    expect(shown(error)).not.toMatch(/sesame/);
  });
});

const transports = { undici: createUndiciTransport(), fetch: createFetchTransport() };
describe.each(Object.entries(transports))('over %s', (_, transport) => {
  test.each<[string, CallOptions]>([
    ['a key with a line break', { apiKey: `${key}\n${key}` }],
    ['a key that is not ASCII', { apiKey: `${key}ключ` }],
    ['a header with a line break', { headers: { 'x-extra': `${header}\r\nx: y` } }],
    ['a header name with a space', { headers: { 'x extra': header } }],
    ['an address with the key in it', { baseURL: `http://${key}@127.0.0.1:9/v1` }],
    ['an address with the key in its query', { baseURL: `http://127.0.0.1:9/v1?key=${key}` }],
    ['an address with the key as host', { baseURL: `http://${key}:99999` }],
  ])('%s is not shown', async (_, options) => {
    const error = await failWith({}, { ...options, transport } as CallOptions<'openai'>);
    expect(AnyLLMError.isInstance(error)).toBe(true);
    expect(shown(error)).not.toMatch(/sesame/);
  });
});

test('a wrong request does not show what is in it', async () => {
  const { client } = await simulateOpenAI();
  const secret = fc.constantFrom<unknown>(prompt, [prompt], { a: prompt }, [{ type: prompt }], { role: prompt });
  const field = fc.constantFrom('messages', 'prompt', 'tools', 'stop', 'tool_choice', 'response_format', 'metadata', 'user'); // biome-ignore format: one line
  await fc.assert(
    fc.asyncProperty(fc.dictionary(field, secret), async (fields) => {
      const call = client.completion({ model, temperature: -1, ...fields } as never);
      expect(shown(await failure(call))).not.toMatch(/sesame/);
    }),
  );
});

test('the key does not stand in the result', async () => {
  const { client } = await simulateOpenAI({ script: { headers: { 'x-request-id': 'req_1' } } });
  const answer = await client.completion({ model, prompt: 'Hi' }, { apiKey: key, headers: { 'x-extra': header } });
  const stream = await client.completion({ model, prompt: 'Hi', stream: true }, { apiKey: key });
  expect(inspect([answer, stream, await stream.completion()], { depth: 12, showHidden: true })).not.toMatch(/sesame/);
});

test('an answer with `__proto__` in it changes no other object', async () => {
  const message = '{"role":"assistant","content":"Hello","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'; // biome-ignore format: one line
  const details = '[{"type":"a","__proto__":{"polluted":1}},{"type":"a","__proto__":{"polluted":1}}]';
  const body = `{"id":"a","__proto__":{"polluted":1},"usage":{"__proto__":{"polluted":1},"prompt_tokens":1},"choices":[{"__proto__":{"polluted":1},"index":0,"message":${message.replace('}', `,"reasoning_details":${details}}`)},"finish_reason":"stop"}]}`; // biome-ignore format: one line
  const { client } = await simulateOpenAI({ script: { body } });
  for (const stream of [false, true]) {
    const answer = await client.completion({ model, prompt: 'Hi', stream });
    await ('completion' in answer ? answer.completion() : answer);
  }
  for (const fresh of [{}, [], () => {}, 'text']) expect((fresh as { polluted?: unknown }).polluted).toBeUndefined();
});

test('an error answer with `__proto__` in it changes no other object', async () => {
  const body = '{"__proto__":{"polluted":1},"error":{"__proto__":{"polluted":1},"message":"no","constructor":{"prototype":{"polluted":1}}}}'; // biome-ignore format: one line
  expect(await failWith({ status: 400, body })).toMatchObject({ code: 'invalid_request', status: 400 });
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});
