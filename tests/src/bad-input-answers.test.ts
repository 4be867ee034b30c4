import { AnyLLMError, ResponseParseError } from '@anyllm/core';
import type { Reply } from '@anyllm/simulator';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type models, simulate } from './simulated.ts';
import { failure, model, simulateOpenAI } from './simulated-openai.ts';

const request = { model, prompt: 'Hi' } as const;
const answer = { choices: [{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }] };

/** What is said of a whole answer, and of the same bytes where a stream was asked for. */
async function outcomes(script: Reply) {
  const { simulator, client } = await simulateOpenAI({ script });
  const whole = await client.completion(request).catch((error: unknown) => error);
  const streamed = await client
    .completion({ ...request, stream: true })
    .then((stream) => stream.completion())
    .catch((error: unknown) => error);
  expect(simulator.requests).toHaveLength(2);
  return { whole, streamed };
}

describe('a status of 200 with', () => {
  test.each<[string, Reply]>([
    ['no body', { fault: { kind: 'empty-body' } }],
    ['a web page', { fault: { kind: 'html' } }],
    ['an empty text', { status: 200, body: '' }],
    ['spaces', { status: 200, body: ' \n ' }],
    ['plain text', { status: 200, body: 'Service is down for maintenance' }],
    ['null', { status: 200, body: 'null' }],
    ['a number', { status: 200, body: '5' }],
    ['a list', { status: 200, body: '[]' }],
    ['an object without choices', { status: 200, body: {} }],
    ['no choices', { status: 200, body: { choices: [] } }],
    ['a choice that is null', { status: 200, body: { choices: [null] } }],
    ['choices that are null', { status: 200, body: { choices: null } }],
    ['choices that are no list', { status: 200, body: { choices: { 0: answer.choices[0] } } }],
  ])('%s is a typed error that may be retried', async (_, script) => {
    const { whole, streamed } = await outcomes(script);
    expect(whole).toBeInstanceOf(ResponseParseError);
    expect(whole).toMatchObject({ provider: 'openai', retryable: true });
    expect(streamed).toBeInstanceOf(ResponseParseError);
    expect(streamed).toMatchObject({ provider: 'openai', retryable: true });
  });

  test('half of the JSON is a typed error that may be retried, and interrupts a stream that has begun', async () => {
    const { whole, streamed } = await outcomes({ fault: { kind: 'truncated-json' } });
    expect(whole).toMatchObject({ code: 'response_parse', provider: 'openai', retryable: true });
    expect(streamed).toMatchObject({
      code: 'stream_interrupted',
      provider: 'openai',
      partial: { text: expect.stringMatching(/./) },
    });
  });

  test('an error in its body is that error', async () => {
    const body = { error: { message: 'Rate limit reached', type: 'rate_limit_error', code: 'rate_limit_exceeded' } };
    const { whole, streamed } = await outcomes({ status: 200, body, headers: { 'content-type': 'application/json' } });
    expect(whole).toMatchObject({ code: 'rate_limit' });
    expect(streamed).toMatchObject({ code: 'rate_limit' });
  });

  test('a whole answer where a stream was asked for is streamed', async () => {
    const body = JSON.stringify(answer);
    const { streamed } = await outcomes({ status: 200, body, headers: { 'content-type': 'application/json' } });
    expect(streamed).toMatchObject({ text: 'Hello' });
  });

  test('another content type than JSON is read as what it is', async () => {
    const { whole } = await outcomes({ status: 200, body: answer, headers: { 'content-type': 'text/plain' } });
    expect(whole).toMatchObject({ text: 'Hello' });
  });
});

describe('token counts that cannot be are left out with a warning', () => {
  const usage = { prompt_tokens: -5, completion_tokens: 2, total_tokens: -3 };
  const line = { message: { role: 'assistant', content: 'Hello' }, done: true, prompt_eval_count: 5, eval_count: -1 };
  const chunk = { choices: [{ index: 0, delta: { content: 'Hello' }, finish_reason: 'stop' }], usage };
  test.each<[(typeof models)[number], boolean, Reply]>([
    ['openai/gpt-4o', false, { status: 200, body: { ...answer, usage } }],
    ['openai/gpt-4o', true, { events: [JSON.stringify(chunk), '[DONE]'] }],
    ['ollama/llama3', false, { status: 200, body: line }],
    ['ollama/llama3', true, { status: 200, body: line }],
  ])('%s, streamed: %s', async (model, stream, script) => {
    const { client } = await simulate({ script });
    const given = await client.completion({ model, prompt: 'Hi', stream });
    const { text, usage, meta } = 'completion' in given ? await given.completion() : given;
    expect([text, usage]).toEqual(['Hello', undefined]);
    expect(meta.warnings).toMatchObject([{ code: 'usage_dropped' }]);
  });
});

test('a line of 5 MB is read', async () => {
  const { whole, streamed } = await outcomes({ fault: { kind: 'huge-line', bytes: 5_000_000 } });
  for (const read of [whole, streamed]) expect((read as { text: string }).text).toHaveLength(5_000_000);
});

test('a line beyond any sense is an error, and the socket is closed', async () => {
  const { simulator, client } = await simulateOpenAI({ script: { fault: { kind: 'huge-line', bytes: 20_000_000 } } });
  const error = await failure(client.completion({ ...request, stream: true }));
  expect(error).toMatchObject({ code: 'response_parse' });
  while (simulator.sockets.open > 0) await new Promise((resolve) => setTimeout(resolve, 5));
});

test('bytes that UTF-8 does not know are replaced, the rest is kept', async () => {
  const { whole, streamed } = await outcomes({ fault: { kind: 'invalid-utf8' } });
  for (const read of [whole, streamed]) expect((read as { text: string }).text).toMatch(/^\S.*\u{FFFD}.*\S$/u);
});

test('characters cut anywhere come whole', async () => {
  const text = 'Grüße 👩‍🚀 世界 \u{1F600}';
  for (const chunkBytes of [1, 2, 3, 7, 'random'] as const) {
    const { whole, streamed } = await outcomes({ text, wire: { chunkBytes } });
    expect([whole, streamed]).toMatchObject([{ text }, { text }]);
  }
});

test('whatever JSON comes as an answer, it is an answer or a typed error', async () => {
  const { simulator, client } = await simulateOpenAI();
  const field = fc.constantFrom(
    ...[
      'id',
      'created',
      'model',
      'choices',
      'message',
      'delta',
      'content',
      'tool_calls',
      'function',
      'name',
      'arguments',
    ],
    ...['index', 'finish_reason', 'usage', 'prompt_tokens', 'error', 'annotations', 'audio', 'refusal'],
    ...['reasoning', 'reasoning_details', '__proto__', 'constructor'],
  );
  const { json } = fc.letrec((tie) => ({
    json: fc.oneof({ depthSize: 'small', withCrossShrink: true }, fc.constantFrom<unknown>(null, true, 0, -1, 1e308, '', 'stop', 'x'), fc.array(tie('json'), { maxLength: 3 }), fc.dictionary(field, tie('json'), { maxKeys: 4 })), // biome-ignore format: one line
  }));
  const choice = fc.dictionary(field, json);
  const body = fc.oneof(json, fc.record({ choices: fc.array(choice, { minLength: 1, maxLength: 3 }) }));
  await fc.assert(
    fc.asyncProperty(body, fc.boolean(), async (body, stream) => {
      simulator.script(
        stream ? { events: [JSON.stringify(body), '[DONE]'] } : { status: 200, body: JSON.stringify(body) },
      );
      try {
        const answer = await client.completion({ ...request, stream });
        const whole = 'completion' in answer ? await answer.completion() : answer;
        expect(whole.text).toBeTypeOf('string');
        expect(JSON.parse(JSON.stringify(whole))).toMatchObject({ object: 'chat.completion' });
      } catch (error) {
        if (!AnyLLMError.isInstance(error)) throw error;
        expect(error.message).not.toContain('a bug');
      }
    }),
    { numRuns: 400 },
  );
});
