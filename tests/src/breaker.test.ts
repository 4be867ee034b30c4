import type { CompletionStream, OverloadedError } from '@anyllm/core';
import type { Reply } from '@anyllm/simulator';
import { expect, test } from 'vitest';
import { watchHeldUp } from './held-up.ts';
import { after, ask, forms, mistral, openai, timed, world } from './policy-world.ts';
import { failure } from './simulated.ts';

const breaker = { minimumCalls: 4, holdMs: 300, maxHoldMs: 300 };
const once = { retries: 0, breaker };

/** Fails until the circuit is open. */
async function open({ client }: Awaited<ReturnType<typeof world>>, stream = false) {
  for (let i = 0; i < breaker.minimumCalls; i++) await failure(ask(client, stream, openai, { fallbacks: [] }));
}

test.each(forms)(
  'after enough failures nobody is asked, and the error tells when to come back, $form',
  async (form) => {
    const place = await world({ status: 500 }, once);
    await open(place, form.stream);
    const heldUpMs = watchHeldUp();
    const call = failure(ask(place.client, form.stream, openai));
    expect(await timed(call)).toBeLessThan(100 + (await heldUpMs()));
    const error = (await call) as OverloadedError;
    expect(error).toMatchObject({ code: 'overloaded', provider: 'openai', model: 'gpt-4o', retryable: true });
    expect(error.retryAfterMs).toBeGreaterThan(0);
    expect(error.retryAfterMs).toBeLessThanOrEqual(breaker.holdMs);
    expect(place.asked()).toBe(breaker.minimumCalls);
  },
);

const harmless: Record<string, Reply> = {
  'rate limits': { status: 429, headers: { 'retry-after-ms': '1' } },
  'invalid requests': { status: 400 },
  'wrong keys': { status: 401 },
  'content filters': { status: 400, error: { code: 'content_filter' } },
};

test.each(Object.entries(harmless))('%s open nothing', async (_, reply) => {
  const place = await world(reply, once);
  for (let i = 0; i < 6; i++) await failure(ask(place.client, false, openai));
  expect(place.asked()).toBe(6);
});

test.each(forms)('an open circuit is passed over for the fallback without a wait, $form', async ({ stream }) => {
  const slow = { minimumCalls: 4, holdMs: 20_000, maxHoldMs: 20_000 };
  const script = ({ dialect }: { dialect: string }) => (dialect === 'openai' ? { status: 500 } : { text: 'well' });
  const place = await world(script, { breaker: slow, retries: { attempts: 3, baseMs: 1 }, fallbacks: [mistral] });
  for (let i = 0; i < 4; i++) await failure(ask(place.client, stream, openai, { fallbacks: [], retries: 0 }));
  const call = ask(place.client, stream, openai);
  expect(await timed(call)).toBeLessThan(1_000);
  expect((await call).text).toBe('well');
  expect(place.asked('gpt-4o')).toBe(4);
});

test('one call is let through as a probe, and its success closes the circuit', async () => {
  const place = await world({ status: 500 }, once);
  await open(place);
  place.simulator.script({ text: 'well', latency: { headersMs: 100 } });
  await after(breaker.holdMs);
  const calls = await Promise.allSettled(Array.from({ length: 10 }, () => ask(place.client, false, openai)));
  expect(calls.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(place.asked()).toBe(breaker.minimumCalls + 1);
  const next = await Promise.all(Array.from({ length: 10 }, () => ask(place.client, false, openai)));
  expect(next.map(({ text }) => text)).toEqual(Array(10).fill('well'));
});

test('a probe that fails leaves the circuit open', async () => {
  const place = await world({ status: 500 }, once);
  await open(place);
  await after(breaker.holdMs);
  expect(await failure(ask(place.client, false, openai))).toMatchObject({ code: 'provider', status: 500 });
  expect(await failure(ask(place.client, false, openai))).toMatchObject({ code: 'overloaded' });
  expect(place.asked()).toBe(breaker.minimumCalls + 1);
});

const ends: Record<string, (place: Awaited<ReturnType<typeof world>>) => Promise<unknown>> = {
  'is aborted': async ({ client, simulator }) => {
    const controller = new AbortController();
    const arrived = simulator.requests.length + 1;
    const failed = failure(ask(client, false, openai, { signal: controller.signal }));
    await simulator.waitFor(arrived);
    controller.abort();
    return failed;
  },
  'runs into the deadline of its call': ({ client }) => failure(ask(client, false, openai, { timeout: 50 })),
  'is a stream that nobody reads or closes': ({ client, simulator }) => {
    simulator.script([{ tokens: ['a', 'b'], latency: { tokenMs: 1_000 } }]);
    return client.completion({ model: openai, prompt: 'Hi', stream: true }, { timeout: 50 });
  },
  'is not sent for want of a key': ({ client }) => failure(ask(client, false, openai, { apiKey: '' })),
};

test.each(Object.entries(ends))('a probe that %s does not lock the circuit for good', async (_, probe) => {
  const place = await world({ status: 500 }, once);
  await open(place);
  place.simulator.script({ fault: { kind: 'silence' } });
  await after(breaker.holdMs);
  await probe(place);
  place.simulator.script({ text: 'well' });
  await after(2 * breaker.holdMs);
  expect((await ask(place.client, false, openai)).text).toBe('well');
});

test('a circuit is for one model, key and address', async () => {
  const place = await world(
    ({ body, headers }) =>
      body?.model === 'gpt-4o' && headers.authorization === 'Bearer key-of-openai' ? { status: 500 } : { text: 'well' },
    once,
  );
  await open(place);
  expect((await ask(place.client, false, 'openai/gpt-4o-mini')).text).toBe('well');
  expect((await ask(place.client, false, openai, { apiKey: 'another' })).text).toBe('well');
  expect(await failure(ask(place.client, false, openai))).toMatchObject({ code: 'overloaded' });
});

test('without a breaker everybody asks', async () => {
  const place = await world({ status: 500 }, { retries: 0, breaker: false });
  for (let i = 0; i < 12; i++) await failure(ask(place.client, false, openai));
  expect(place.asked()).toBe(12);
});

test('cut streams open the circuit', async () => {
  const place = await world({ tokens: ['a', 'b'], fault: { kind: 'cut', atToken: 1, by: 'rst' } }, once);
  await open(place, true);
  expect(await failure(ask(place.client, true, openai))).toMatchObject({ code: 'overloaded' });
});

const leaving: Record<string, (stream: CompletionStream) => unknown> = {
  'break off': async (stream) => {
    for await (const _ of stream) break;
  },
  close: (stream) => stream.close(),
  'cancel as web streams': (stream) => stream.toReadableStream().cancel(),
};

test.each(Object.entries(leaving))('streams that their consumers %s open nothing', async (_, leave) => {
  const place = await world({ tokens: ['a', 'b', 'c'], latency: { tokenMs: 5 } }, once);
  for (let i = 0; i < 6; i++) await leave(await place.client.completion({ model: openai, prompt: 'Hi', stream: true }));
  expect((await ask(place.client, true, openai)).text).toBe('abc');
});

test('aborts open nothing', async () => {
  const place = await world({ fault: { kind: 'silence' } }, once);
  for (let i = 0; i < 6; i++)
    await failure(ask(place.client, i % 2 === 0, openai, { signal: AbortSignal.timeout(20) }));
  place.simulator.script({ text: 'well' });
  expect((await ask(place.client, true, openai)).text).toBe('well');
});
