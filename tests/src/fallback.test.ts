import { AnyLLMError } from '@anyllm/core';
import type { Reply, Script } from '@anyllm/simulator';
import { describe, expect, test } from 'vitest';
import { ask, forms, mistral, ollama, openai, quick, timed, world } from './policy-world.ts';
import { failure } from './simulated.ts';

/** OpenAI answers with this; the others are well. */
const openaiSays =
  (reply: Reply): Script =>
  ({ dialect }) =>
    dialect === 'openai' ? reply : { text: `from ${dialect}` };

const fallbacks = [mistral];
const once = { retries: 0, fallbacks };

const elsewhereBetter: Record<string, Reply> = {
  'a refused connection': { fault: { kind: 'reset-before-headers' } },
  'a rate limit': { status: 429, headers: { 'retry-after': '0' } },
  'a used-up quota': { status: 429, error: { status: 429, code: 'insufficient_quota', type: 'insufficient_quota' } },
  'an overload': { status: 503 },
  'a fault of the server': { status: 500 },
  'a context that is too long': { status: 400, error: { code: 'context_length_exceeded' } },
  'an answer that cannot be read': { fault: { kind: 'html' } },
  'an answer of nothing': { fault: { kind: 'empty-body' } },
  'a time limit of the attempt': { fault: { kind: 'silence' } },
};

const sameElsewhere: Record<string, [Reply, string]> = {
  'a content filter': [{ status: 400, error: { code: 'content_filter' } }, 'content_filter'],
  'an invalid request': [{ status: 400 }, 'invalid_request'],
  'a wrong key': [{ status: 401 }, 'authentication'],
  'a forbidden region': [{ status: 403 }, 'permission_denied'],
  'a model that does not exist': [{ status: 404, error: { status: 404, code: 'model_not_found' } }, 'model_not_found'],
};

describe.each(forms)('$form', ({ stream }) => {
  test.each(Object.entries(elsewhereBetter))('after %s the next model is asked', async (_, reply) => {
    const { client } = await world(openaiSays(reply), once);
    const answer = await ask(client, stream, openai, { timeout: { attempt: 150 } });
    expect(answer).toMatchObject({
      text: 'from mistral',
      meta: { provider: 'mistral', model: 'mistral-small-latest' },
    });
    expect(answer.meta.attempts.map(({ provider, error }) => [provider, error === undefined])).toEqual([
      ['openai', false],
      ['mistral', true],
    ]);
  });

  test.each(Object.entries(sameElsewhere))('after %s the next model is not asked', async (_, [reply, code]) => {
    const { client, simulator } = await world(openaiSays(reply), once);
    expect(await failure(ask(client, stream, openai))).toMatchObject({ code, provider: 'openai' });
    expect(simulator.requests).toHaveLength(1);
  });

  test.each(Object.entries(sameElsewhere))(
    'after %s the next model is asked where `when` says so',
    async (_, [reply]) => {
      const { client } = await world(openaiSays(reply), {
        retries: 0,
        fallbacks: { models: [mistral], when: () => true },
      });
      expect((await ask(client, stream, openai)).text).toBe('from mistral');
    },
  );

  test('`when` that says no keeps the error of the first', async () => {
    const when = (error: unknown) => AnyLLMError.isInstance(error) && error.code !== 'overloaded';
    const { client, simulator } = await world(openaiSays({ status: 503 }), {
      retries: 0,
      fallbacks: { models: [mistral], when },
    });
    expect(await failure(ask(client, stream, openai))).toMatchObject({ code: 'overloaded', provider: 'openai' });
    expect(simulator.requests).toHaveLength(1);
  });

  test('the retries come before the next model, and are counted anew for it', async () => {
    const { client, asked } = await world({ status: 500 }, { retries: { ...quick, attempts: 2 }, fallbacks });
    const error = await failure(ask(client, stream, openai));
    expect(error).toMatchObject({ code: 'provider', provider: 'mistral', gaveUp: 'attempts' });
    expect([asked('gpt-4o'), asked('mistral-small-latest')]).toEqual([2, 2]);
  });

  test('when all fail, the error is that of the last, with every attempt', async () => {
    const replies: Record<string, Reply> = {
      openai: { status: 503 },
      mistral: { status: 500 },
      ollama: { status: 429 },
    };
    const { client } = await world(({ dialect }) => replies[dialect], { retries: 0, fallbacks: [mistral, ollama] });
    const error = (await failure(ask(client, stream, openai))) as AnyLLMError;
    expect(error).toMatchObject({ code: 'rate_limit', provider: 'ollama', model: 'llama3' });
    expect(error.attempts.map(({ provider, status }) => [provider, status])).toEqual([
      ['openai', 503],
      ['mistral', 500],
      ['ollama', 429],
    ]);
  });

  test('a list of models is asked in its order', async () => {
    const { client } = await world(openaiSays({ status: 503 }), { retries: 0 });
    expect((await ask(client, stream, [openai, ollama, mistral])).meta.provider).toBe('ollama');
  });

  test("the call's own fallbacks win over the client's", async () => {
    const { client } = await world(openaiSays({ status: 503 }), once);
    expect((await ask(client, stream, openai, { fallbacks: [ollama] })).meta.provider).toBe('ollama');
    expect(await failure(ask(client, stream, openai, { fallbacks: [] }))).toMatchObject({ code: 'overloaded' });
  });

  test('key, address and headers of the first provider go to no other', async () => {
    const { client, simulator } = await world(openaiSays({ status: 503 }), once);
    const own = { apiKey: 'key-of-the-call', headers: { 'x-secret': 'of-openai' }, baseURL: simulator.baseURL.openai };
    expect((await ask(client, stream, openai, own)).text).toBe('from mistral');
    const [first, second] = simulator.requests;
    expect(first?.headers).toMatchObject({ authorization: 'Bearer key-of-the-call', 'x-secret': 'of-openai' });
    expect(second?.headers).toMatchObject({ authorization: 'Bearer key-of-mistral' });
    expect(JSON.stringify(second)).not.toMatch(/key-of-the-call|of-openai/);
  });

  test('another model of the same provider is asked with the same key', async () => {
    const { client, simulator } = await world(({ body }) => (body?.model === 'gpt-4o' ? { status: 503 } : {}), {
      retries: 0,
    });
    await ask(client, stream, [openai, 'openai/gpt-4o-mini'], { apiKey: 'key-of-the-call' });
    expect(simulator.requests.map(({ headers }) => headers.authorization)).toEqual(
      Array(2).fill('Bearer key-of-the-call'),
    );
  });

  test('a fallback names its own provider, also where the call names one for its model', async () => {
    const { client } = await world(openaiSays({ status: 503 }), once);
    expect((await ask(client, stream, 'gpt-4o', { provider: 'openai' })).meta.provider).toBe('mistral');
  });

  test("when the call's own time is up, nobody else is asked", async () => {
    const { client, simulator } = await world({ fault: { kind: 'silence' } }, once);
    const error = await failure(ask(client, stream, openai, { timeout: 100 }));
    expect(error).toMatchObject({ code: 'timeout', phase: 'total', provider: 'openai' });
    expect(simulator.requests).toHaveLength(1);
  });

  test('the total time is for all models together', async () => {
    const { client } = await world({ fault: { kind: 'silence' } }, { retries: 0, fallbacks: [mistral, ollama] });
    const call = failure(ask(client, stream, openai, { timeout: { total: 250, attempt: 150 } }));
    expect(await timed(call)).toBeLessThan(1_000);
    expect(await call).toMatchObject({ code: 'timeout', phase: 'total', provider: 'mistral' });
  });

  test('an abort while the second model is asked asks no third', async () => {
    const { client, simulator } = await world(
      ({ dialect }) => (dialect === 'openai' ? { status: 503 } : { fault: { kind: 'silence' } }),
      { retries: 0, fallbacks: [mistral, ollama] },
    );
    const controller = new AbortController();
    const failed = failure(ask(client, stream, openai, { signal: controller.signal }));
    await simulator.waitFor(2);
    const reason = new Error('left');
    controller.abort(reason);
    expect(await failed).toBe(reason);
    await simulator.requests[1]?.closed;
    expect(simulator.requests).toHaveLength(2);
  });

  test('a model that is not configured is passed over where `when` says so', async () => {
    const when = () => true;
    const { client } = await world(openaiSays({ status: 503 }), {
      retries: 0,
      fallbacks: { models: ['groq/llama', mistral], when },
    });
    expect((await ask(client, stream, openai)).text).toBe('from mistral');
    expect((await ask(client, stream, 'groq/llama')).text).toBe('from mistral');
  });

  test('a model that is not configured is an error, and nobody is asked instead', async () => {
    const { client, simulator } = await world(undefined, once);
    expect(await failure(ask(client, stream, 'groq/llama'))).toMatchObject({ code: 'provider_not_found' });
    expect(simulator.requests).toHaveLength(0);
  });
});

test('a stream that breaks after its first text is not begun anew with another model', async () => {
  const { client, simulator } = await world(
    openaiSays({ tokens: ['a', 'b', 'c'], fault: { kind: 'cut', atToken: 2, by: 'rst' } }),
    once,
  );
  expect(await failure(ask(client, true, openai))).toMatchObject({
    code: 'stream_interrupted',
    partial: { text: 'ab' },
  });
  expect(simulator.requests).toHaveLength(1);
});

test('what `when` throws, the call throws', async () => {
  const mine = new Error('mine');
  const when = () => {
    throw mine;
  };
  const { client } = await world({ status: 503 }, { retries: 0, fallbacks: { models: [mistral], when } });
  expect(await failure(ask(client, false, openai))).toBe(mine);
});
