import { type AnyLLMError, createRetryBudget, type RetryNotice, type RetrySettings } from '@anyllm/core';
import type { Reply } from '@anyllm/simulator';
import { describe, expect, test } from 'vitest';
import { watchHeldUp } from './held-up.ts';
import { ask, forms, mistral, ollama, openai, quick, silence, timed, world } from './policy-world.ts';
import { failure } from './simulated.ts';

const well: Reply = { text: 'well' };

const transient: Record<string, Reply> = {
  '408': { status: 408 },
  '409': { status: 409 },
  '429': { status: 429, headers: { 'retry-after-ms': '1' } },
  '500': { status: 500 },
  '502': { status: 502 },
  '503': { status: 503 },
  '504': { status: 504 },
  '529': { status: 529 },
  'a reset before the headers': { fault: { kind: 'reset-before-headers' } },
  'a reset after the headers': { fault: { kind: 'reset-after-headers' } },
  'a page that is no JSON': { fault: { kind: 'html' } },
  'an empty body': { fault: { kind: 'empty-body' } },
  'a time limit of the attempt': silence,
  'an unwilling server that says `x-should-retry`': { status: 400, headers: { 'x-should-retry': 'true' } },
};

const final: Record<string, [Reply, string]> = {
  '400': [{ status: 400 }, 'invalid_request'],
  '401': [{ status: 401 }, 'authentication'],
  '402': [{ status: 402 }, 'quota_exceeded'],
  '403': [{ status: 403 }, 'permission_denied'],
  '404': [{ status: 404, body: 'no such page' }, 'provider'],
  '422': [{ status: 422 }, 'invalid_request'],
  'a used-up quota': [
    { status: 429, error: { code: 'insufficient_quota', type: 'insufficient_quota' } },
    'quota_exceeded',
  ],
  'a used-up quota that says `x-should-retry`': [
    { status: 429, error: { code: 'insufficient_quota' }, headers: { 'x-should-retry': 'true' } },
    'quota_exceeded',
  ],
  'a context that is too long': [
    { status: 400, error: { code: 'context_length_exceeded' } },
    'context_length_exceeded',
  ],
  'a content filter': [{ status: 400, error: { code: 'content_filter' } }, 'content_filter'],
  'a redirect': [{ fault: { kind: 'redirect', to: 'https://example.com/' } }, 'provider'],
  'a 500 that says not to': [{ status: 500, headers: { 'x-should-retry': 'false' } }, 'provider'],
};

/** Ollama's errors have a text and no code. */
const finalOf = (model: string) =>
  Object.entries(final).filter(([, [{ error }]]) => model !== ollama || error === undefined);

describe.each([openai, mistral, ollama])('%s', (model) => {
  describe.each(forms)('$form', ({ stream }) => {
    test.each(Object.entries(transient))('after %s it is asked again', async (_, reply) => {
      const { client, simulator } = await world([reply, well], { retries: quick });
      const { text, meta } = await ask(client, stream, model, { timeout: { attempt: 200 } });
      expect(text).toBe('well');
      expect(simulator.requests).toHaveLength(2);
      expect(meta.attempts).toMatchObject([{ error: {}, waitMs: expect.any(Number) }, { status: 200 }]);
      expect(meta.attempts[1]).not.toHaveProperty('error');
    });

    test.each(finalOf(model))('after %s it is not asked again', async (_, [reply, code]) => {
      const { client, simulator } = await world(reply, { retries: quick });
      expect(await failure(ask(client, stream, model))).toMatchObject({ code, attempts: [{ error: { code } }] });
      expect(simulator.requests).toHaveLength(1);
    });
  });

  test('a stream that breaks before its first text is asked again', async () => {
    const cut: Reply = { fault: { kind: 'cut', atToken: 0, by: 'rst' } };
    const { client, simulator } = await world([cut, well], { retries: quick });
    expect((await ask(client, true, model)).text).toBe('well');
    expect(simulator.requests).toHaveLength(2);
  });

  test('a stream that breaks after its first text is not asked again', async () => {
    const cut: Reply = { tokens: ['a', 'b', 'c'], fault: { kind: 'cut', atToken: 1, by: 'rst' } };
    const { client, simulator } = await world([cut, well], { retries: quick });
    const error = await failure(ask(client, true, model));
    expect(error).toMatchObject({ code: 'stream_interrupted', partial: { text: 'a' } });
    expect(simulator.requests).toHaveLength(1);
  });

  test('an error in a stream before its first text is asked again', async () => {
    const { client } = await world([{ fault: { kind: 'error-event', atToken: 0 } }, well], { retries: quick });
    expect((await ask(client, true, model)).text).toBe('well');
  });
});

test('by default it is asked three times', async () => {
  const { client, simulator } = await world({ status: 503 });
  const error = (await failure(ask(client, false, openai))) as AnyLLMError;
  expect(error).toMatchObject({ code: 'overloaded', status: 503, gaveUp: 'attempts' });
  expect(error.attempts.map(({ status }) => status)).toEqual([503, 503, 503]);
  expect(simulator.requests).toHaveLength(3);
});

test('the last real error is thrown', async () => {
  const { client } = await world([{ status: 500 }, { status: 503 }, { fault: { kind: 'html' } }], { retries: quick });
  const error = (await failure(ask(client, false, openai))) as AnyLLMError;
  expect(error.code).toBe('response_parse');
  expect(error.attempts.map((attempt) => attempt.error?.code)).toEqual(['provider', 'overloaded', 'response_parse']);
});

test('the records tell what each attempt waited, and that it did', async () => {
  const { client } = await world([{ status: 500 }, { status: 500 }, well], { retries: { baseMs: 60 } });
  const { meta } = await ask(client, false, openai);
  const [first, second, third] = meta.attempts;
  expect(third).not.toHaveProperty('waitMs');
  for (const [attempt, next] of [
    [first, second],
    [second, third],
  ]) {
    // biome-ignore format: one line
    const endMs = (attempt?.startMs ?? 0) + (attempt?.durationMs ?? 0);
    expect((next?.startMs ?? 0) - endMs).toBeGreaterThanOrEqual(attempt?.waitMs ?? Infinity);
  }
});

const inAMoment = () => new Date(Date.now() + 2_000).toUTCString();
const hints: Record<string, () => Record<string, string>> = {
  'retry-after-ms': () => ({ 'retry-after-ms': '300' }),
  'retry-after in a fraction of seconds': () => ({ 'retry-after': '0.3' }),
  'retry-after in seconds': () => ({ 'retry-after': '1' }),
  'retry-after as a date': () => ({ 'retry-after': inAMoment() }),
  'the reset of a limit that is used up': () => ({
    'x-ratelimit-remaining-requests': '0',
    'x-ratelimit-reset-requests': '300ms',
  }),
};

test.each(Object.entries(hints))('no attempt comes before the time in %s', async (_, headers) => {
  const error = { status: 429, message: 'slow down' };
  const { client, simulator } = await world([{ status: 429, error, headers: headers() }, well], { retries: quick });
  const { meta } = await ask(client, false, openai);
  const [first, second] = simulator.requests;
  const waitedMs = (second?.receivedAt ?? 0) - (first?.receivedAt ?? 0);
  expect(waitedMs).toBeGreaterThanOrEqual(299);
  expect(waitedMs).toBeLessThan(4_000);
  expect(meta.attempts[0]?.waitMs).toBeGreaterThanOrEqual(300);
});

test.each(['-1', 'NaN', 'soon', '', '1e999', '0'])('a retry-after of "%s" is no reason to wait', async (value) => {
  const { client } = await world([{ status: 503, headers: { 'retry-after': value } }, well], { retries: quick });
  expect(await timed(ask(client, false, openai))).toBeLessThan(1_000);
});

test('a wait that does not fit into the deadline is not begun, and the error has the hint and both reasons', async () => {
  const { client, simulator } = await world({ status: 429, headers: { 'retry-after': '60' } });
  const call = failure(ask(client, false, openai, { timeout: 5_000 }));
  expect(await timed(call)).toBeLessThan(1_000);
  expect(await call).toMatchObject({ code: 'rate_limit', retryAfterMs: 60_000, gaveUp: 'deadline', attempts: [{}] });
  expect(String(await call)).toMatch(/rate limited \(429\).*no time for another attempt .* timeout of 5000 ms/);
  expect(simulator.requests).toHaveLength(1);
});

describe.each(forms)('a 429 for ever and a deadline of 1 s, $form', ({ stream }) => {
  test.each([
    ['with a hint', { 'retry-after-ms': '120' }, undefined],
    ['without a hint', undefined, { status: 429, message: 'slow down' }],
  ])('%s: it ends by then, and the error tells of both', async (_, headers, error) => {
    const reply: Reply = { status: 429, ...(headers && { headers }), ...(error && { error }) };
    const { client } = await world(reply, { retries: Infinity });
    const heldUpMs = watchHeldUp();
    const call = failure(ask(client, stream, openai, { timeout: 1_000 }));
    expect(await timed(call)).toBeLessThan(1_050 + (await heldUpMs()));
    const thrown = (await call) as AnyLLMError;
    expect(thrown.attempts[0]?.error?.code).toBe('rate_limit');
    if (thrown.code === 'timeout') expect(thrown).toMatchObject({ phase: 'total', timeoutMs: 1_000 });
    else expect(thrown).toMatchObject({ code: 'rate_limit', gaveUp: 'deadline' });
  });
});

test('onRetry is told before each wait', async () => {
  const notices: RetryNotice[] = [];
  const retries: RetrySettings = { ...quick, onRetry: (notice) => notices.push(notice) };
  const { client } = await world([{ status: 500 }, { status: 503 }, well], { retries });
  const { meta } = await ask(client, false, openai);
  expect(notices).toMatchObject([
    { attempt: 1, error: { code: 'provider' }, delayMs: meta.attempts[0]?.waitMs },
    { attempt: 2, error: { code: 'overloaded' }, delayMs: meta.attempts[1]?.waitMs },
  ]);
});

test('shouldRetry decides in place of the error', async () => {
  const no = await world({ status: 500 }, { retries: { ...quick, shouldRetry: () => false } });
  expect(await failure(ask(no.client, false, openai))).toMatchObject({ code: 'provider' });
  expect(no.asked()).toBe(1);
  const yes = await world([{ status: 400 }, well], { retries: { ...quick, shouldRetry: () => true } });
  expect((await ask(yes.client, false, openai)).text).toBe('well');
});

test('shouldRetry is not asked about a used-up quota', async () => {
  const { client, asked } = await world({ status: 402 }, { retries: { ...quick, shouldRetry: () => true } });
  expect(await failure(ask(client, false, mistral))).toMatchObject({ code: 'quota_exceeded' });
  expect(asked()).toBe(1);
});

test.each(['onRetry', 'shouldRetry'])('what %s throws, the call throws, and the slot is free', async (hook) => {
  const mine = new Error('mine');
  const retries = { ...quick, [hook]: () => { throw mine; } }; // biome-ignore format: one line
  const { client } = await world([{ status: 500 }], { retries, limits: { openai: { concurrency: 1 } } });
  expect(await failure(ask(client, false, openai))).toBe(mine);
  expect((await ask(client, false, openai, { timeout: 2_000 })).text).not.toBe('');
});

test('the calls of a client share a budget, so that an outage is not multiplied', async () => {
  const { client, asked } = await world({ status: 500 }, { retries: quick, breaker: false });
  const errors = await Promise.all(Array.from({ length: 100 }, () => failure(ask(client, false, openai))));
  // 10 to begin with, and a fifth of 100 calls: not 200 retries.
  expect(asked()).toBeGreaterThanOrEqual(120);
  expect(asked()).toBeLessThanOrEqual(131);
  expect(errors.some((error) => (error as AnyLLMError).gaveUp === 'budget')).toBe(true);
});

test('a budget of the caller counts in place of the own one', async () => {
  const budget = createRetryBudget({ share: 0, perMinute: 1 });
  const { client, asked } = await world({ status: 500 }, { retries: { ...quick, budget } });
  const error = await failure(ask(client, false, openai));
  expect(error).toMatchObject({ gaveUp: 'budget', message: expect.stringContaining('retries.budget') });
  expect(asked()).toBe(2);
});

test('a budget of the caller earns by the calls', async () => {
  const budget = createRetryBudget({ share: 1, perMinute: 0 });
  const { client, asked } = await world({ status: 500 }, { retries: { ...quick, budget } });
  for (let i = 0; i < 3; i++) await failure(ask(client, false, openai));
  expect(asked()).toBe(6);
});

test('without a budget every call has all its retries', async () => {
  const { client, asked } = await world({ status: 500 }, { retries: { ...quick, budget: false }, breaker: false });
  await Promise.all(Array.from({ length: 30 }, () => failure(ask(client, false, openai))));
  expect(asked()).toBe(90);
});

test('a wait holds no slot', async () => {
  const slow = { attempts: 2, baseMs: 0, budget: false as const };
  const { client } = await world([{ status: 503, headers: { 'retry-after': '30' } }], {
    retries: slow,
    limits: { openai: { concurrency: 1 } },
  });
  const controller = new AbortController();
  const waiting = failure(ask(client, false, openai, { signal: controller.signal }));
  const started = new Promise((resolve) => setTimeout(resolve, 100));
  await started;
  expect((await ask(client, false, mistral, { timeout: 1_000 })).text).not.toBe('');
  controller.abort(new Error('left'));
  expect(await waiting).toMatchObject({ message: 'left' });
});

test('a failed attempt leaves no socket behind', async () => {
  const { client, simulator } = await world([{ status: 500 }, silence, { fault: { kind: 'stall', atToken: 1 } }], {
    retries: { ...quick, attempts: 4 },
  });
  await ask(client, false, openai, { timeout: { attempt: 100 } });
  expect(simulator.requests.slice(1, 3).every(({ aborted }) => aborted)).toBe(true);
  expect(simulator.sockets.open).toBeLessThanOrEqual(2);
});
