import { createClient, InvalidRequestError, ResponseParseError, UnsupportedParameterError } from '@anyllm/core';
import { createVendor } from '@anyllm/provider-openai-compatible';
import type { Reply } from '@anyllm/simulator';
import { describe, expect, test } from 'vitest';
import { eventually, failure, simulate } from './simulated.ts';

const moderators = ['openai/omni-moderation-latest', 'mistral/mistral-moderation-latest'] as const;
const [openai, mistral] = moderators;
const verdict = { categories: { violence: true, illicit: null }, category_scores: { violence: 0.9 } };

describe.each(moderators)('%s', (model) => {
  test('judges each text, in order', async () => {
    const { client } = await simulate();
    const { results, id, meta } = await client.moderation({
      model,
      input: ['write to a@b.org, idiot', 'Good morning'],
    });
    expect(results.map(({ flagged }) => flagged)).toEqual([true, false]);
    const [first] = results;
    const [found] = Object.entries(first?.categories ?? {}).find(([, value]) => value) ?? [];
    expect(first?.category_scores[found ?? '']).toBeGreaterThan(0.5);
    expect(id).toBeTypeOf('string');
    expect(meta.provider).toBe(model.split('/')[0]);
    expect((await client.moderation({ model, input: 'Good morning' })).results).toHaveLength(1);
  });

  test.each<[string, Reply, RegExp]>([
    ['an empty body', { fault: { kind: 'empty-body' } }, /is not JSON \(empty\)/],
    ['a page', { fault: { kind: 'html' } }, /HTML or XML page/],
    ['no list', { body: {} }, /has no list of verdicts/],
    ['a verdict of nothing', { body: { results: [verdict, {}] } }, /a verdict without categories/],
    ['a verdict too few', { body: { results: [verdict] } }, /asked for 2 verdicts, got 1/],
  ])('an answer with %s is an error', async (_, reply, message) => {
    const { client } = await simulate({ script: reply });
    const error = await failure(client.moderation({ model, input: ['a', 'b'] }));
    expect(error).toBeInstanceOf(ResponseParseError);
    expect((error as Error).message).toMatch(message);
  });

  test('an abort closes the socket, and a deadline holds', async () => {
    const { client, simulator } = await simulate({ script: { fault: { kind: 'silence' } } });
    const controller = new AbortController();
    const failed = failure(client.moderation({ model, input: 'a' }, { signal: controller.signal }));
    await simulator.waitFor(1);
    controller.abort('enough');
    expect(await failed).toBe('enough');
    expect(await failure(client.moderation({ model, input: 'a' }, { timeout: 40 }))).toMatchObject({ code: 'timeout' });
    await eventually(() => simulator.requests.every(({ aborted }) => aborted));
  });

  test('a failure that may pass is retried', async () => {
    const { client } = await simulate({ script: [{ status: 503, headers: { 'retry-after-ms': '1' } }] });
    expect((await client.moderation({ model, input: 'a' }, { retries: 1 })).meta.attempts).toHaveLength(2);
  });
});

test('many run at once', async () => {
  const { client } = await simulate({ script: { latency: { headersMs: 20 } } });
  const texts = Array.from({ length: 50 }, (_, at) => (at % 2 === 0 ? 'I will kill it' : 'hello'));
  const answers = await Promise.all(texts.map((input) => client.moderation({ model: openai, input })));
  expect(answers.map(({ results }) => results[0]?.flagged)).toEqual(texts.map((_, at) => at % 2 === 0));
});

test('a text and a picture are judged as one by OpenAI, and refused for Mistral before the network', async () => {
  const { client, simulator } = await simulate();
  const image_url = { url: 'data:image/png;base64,AAAA' };
  const input = [
    { type: 'text' as const, text: 'look' },
    { type: 'image_url' as const, image_url },
  ];
  const { results } = await client.moderation({ model: openai, input });
  expect(results[0]?.category_applied_input_types?.violence).toEqual(['text', 'image']);
  const error = await failure(client.moderation({ model: mistral, input }));
  expect(error).toBeInstanceOf(UnsupportedParameterError);
  expect(error).toMatchObject({ parameter: 'input' });
  expect(simulator.requests).toHaveLength(1);
});

test('a conversation is judged by Mistral, and refused for OpenAI before the network', async () => {
  const { client, simulator } = await simulate();
  const messages = [
    { role: 'user' as const, content: 'Hello' },
    { role: 'assistant' as const, content: 'I hate you' },
  ];
  const { results } = await client.moderation({ model: mistral, messages });
  expect(results).toMatchObject([{ flagged: true, categories: { hate_and_discrimination: true, sexual: false } }]);
  expect(simulator.requests[0]?.path).toBe('/mistral/v1/chat/moderations');
  const error = await failure(client.moderation({ model: openai, messages }));
  expect(error).toMatchObject({ code: 'unsupported_parameter', parameter: 'messages' });
  expect(simulator.requests).toHaveLength(1);
});

test('what cannot be a part of a verdict is left out', async () => {
  const odd = JSON.stringify({ ...verdict, category_applied_input_types: { a: [7] }, category_scores: { a: 1, b: 2 } });
  const { client } = await simulate({ script: { body: `{"results":[${odd.replace('"b":2', '"b":1e999')}]}` } });
  const { results } = await client.moderation({ model: openai, input: 'a' });
  expect(results).toMatchObject([{ category_scores: { a: 1 }, category_applied_input_types: {} }]);
});

test("what a verdict lacks is not made up, and the vendor's word for `flagged` counts", async () => {
  const { client } = await simulate({ script: { body: { results: [{ ...verdict, flagged: false }] } } });
  const { results, ...rest } = await client.moderation({ model: openai, input: 'a' });
  expect(results).toEqual([{ ...verdict, flagged: false }]);
  expect(rest).not.toHaveProperty('id');
});

test.each([
  [{ model: openai }, 'input'],
  [{ model: openai, input: 'a', messages: [{ role: 'user', content: 'a' }] }, 'input'],
  [{ model: openai, input: [] }, 'input'],
  [{ model: openai, input: ['a', 7] }, 'input[1]'],
  [{ model: openai, input: [{ type: 'image_url' }] }, 'input[0].image_url'],
  [{ model: openai, messages: [{ role: 'nobody', content: 'a' }] }, 'messages[0].role'],
  [{ model: openai, input: 'a', categories: ['hate'] }, 'categories'],
])('%j is refused with the path of the wrong field', async (request, path) => {
  const { client, simulator } = await simulate();
  const error = await failure(client.moderation(request as never));
  expect(error).toBeInstanceOf(InvalidRequestError);
  expect(error).toMatchObject({ path });
  expect(simulator.requests).toEqual([]);
});

test('other servers have it at an address that the caller names', async () => {
  const { client, simulator } = await simulate();
  const provider = createVendor('openai-compatible', { baseURL: simulator.baseURL.openai });
  const other = createClient({ providers: [provider] });
  expect((await other.moderation({ model: 'openai-compatible/m', input: 'a' })).results).toHaveLength(1);
  const error = await failure(client.moderation({ model: 'ollama/llama-guard3', input: 'a' }));
  expect(String(error)).toContain('ollama: moderations are not supported (the provider has no `moderate`)');
});
