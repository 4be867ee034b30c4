import { describe, expect, test } from 'vitest';
import { watchHeldUp } from './held-up.ts';
import { after, ask, forms, openai, silence, timed, world } from './policy-world.ts';
import { eventually, failure } from './simulated.ts';

const hedge = { afterMs: 50, maxShare: 1 };
const well = { text: 'well' };

describe.each(forms)('$form', ({ stream }) => {
  test('a second copy is sent when the first token is late, and the first that answers wins', async () => {
    const { client, simulator } = await world([silence, well], { retries: 0, hedge });
    const startedAt = performance.now();
    const call = ask(client, stream, openai);
    expect(await timed(call)).toBeLessThan(1_000);
    expect((await call).text).toBe('well');
    expect((simulator.requests[1]?.receivedAt ?? 0) - startedAt).toBeGreaterThanOrEqual(49);
  });

  test("the loser's socket is closed at once, and its slot is free", async () => {
    const { client, simulator } = await world([silence, well, well, well], {
      retries: 0,
      hedge,
      limits: { openai: { concurrency: 3 } },
    });
    const heldUpMs = watchHeldUp();
    await ask(client, stream, openai);
    const wonAt = performance.now();
    await simulator.requests[0]?.closed;
    expect(simulator.requests[0]?.aborted).toBe(true);
    expect((simulator.requests[0]?.closedAt ?? Infinity) - wonAt).toBeLessThan(100 + (await heldUpMs()));
    const three = Array.from({ length: 3 }, () => ask(client, stream, openai, { timeout: 2_000 }));
    expect(await Promise.all(three)).toHaveLength(3);
  });

  test('when the first copy answers after all, the second is closed', async () => {
    const { client, simulator } = await world([{ ...well, latency: { headersMs: 150 } }, silence], {
      retries: 0,
      hedge,
    });
    expect((await ask(client, stream, openai)).text).toBe('well');
    await eventually(() => simulator.requests[1]?.aborted === true);
  });

  test('no second copy for a call that answers in time', async () => {
    const { client, asked } = await world(well, { retries: 0, hedge: { afterMs: 2_000, maxShare: 1 } });
    await ask(client, stream, openai);
    await after(50);
    expect(asked()).toBe(1);
  });

  test('a failure before the second copy is a failure, with no copy', async () => {
    const { client, asked } = await world({ status: 500 }, { retries: 0, hedge });
    expect(await failure(ask(client, stream, openai))).toMatchObject({ code: 'provider' });
    await after(80);
    expect(asked()).toBe(1);
  });

  test('when both fail, the error is that of the first, with both attempts', async () => {
    const { client } = await world([{ status: 500, latency: { headersMs: 120 } }, { status: 503 }], {
      retries: 0,
      hedge,
    });
    const error = await failure(ask(client, stream, openai));
    expect(error).toMatchObject({ code: 'provider', status: 500, attempts: [{ status: 503 }, { status: 500 }] });
  });

  test('an abort closes both sockets', async () => {
    const { client, simulator } = await world(silence, { retries: 0, hedge });
    const controller = new AbortController();
    const failed = failure(ask(client, stream, openai, { signal: controller.signal }));
    await simulator.waitFor(2);
    const reason = new Error('left');
    controller.abort(reason);
    expect(await failed).toBe(reason);
    await eventually(() => simulator.sockets.open === 0);
    expect(simulator.requests.every(({ aborted }) => aborted)).toBe(true);
  });

  test('the total time ends both copies', async () => {
    const { client, simulator } = await world(silence, { retries: 0, hedge });
    const error = await failure(ask(client, stream, openai, { timeout: 200 }));
    expect(error).toMatchObject({ code: 'timeout', phase: 'total' });
    await eventually(() => simulator.sockets.open === 0);
    expect(simulator.requests).toHaveLength(2);
  });

  test('a call with `hedge: false` is left alone', async () => {
    const { client, asked } = await world({ ...well, latency: { headersMs: 150 } }, { retries: 0, hedge });
    await ask(client, stream, openai, { hedge: false });
    expect(asked()).toBe(1);
  });

  test('the loser is told in the records as what it is', async () => {
    const { client } = await world([silence, well], { retries: 0, hedge });
    const { meta } = await ask(client, stream, openai);
    await after(20);
    expect(meta.attempts).toHaveLength(2);
    expect(meta.attempts.find(({ error }) => error)).toMatchObject({
      error: { code: 'aborted', message: expect.stringContaining('copy') },
    });
  });
});

test('no more copies than the share', async () => {
  const { client, asked } = await world(
    { ...well, latency: { headersMs: 60 } },
    { retries: 0, hedge: { afterMs: 20, maxShare: 0.1 } },
  );
  for (let i = 0; i < 30; i++) await ask(client, false, openai);
  expect(asked()).toBeGreaterThan(30);
  expect(asked()).toBeLessThanOrEqual(33);
});

test('no copy while the limit is nearly reached', async () => {
  const limits = { openai: { concurrency: 2 } };
  const { client, asked } = await world({ ...well, latency: { headersMs: 150 } }, { retries: 0, hedge, limits });
  await Promise.all([ask(client, false, openai), ask(client, false, openai)]);
  expect(asked()).toBe(2);
});

test('no copy while calls wait', async () => {
  const limits = { openai: { concurrency: 10, requestsPerMinute: 2 } };
  const { client, asked } = await world({ ...well, latency: { headersMs: 150 } }, { retries: 0, hedge, limits });
  const controller = new AbortController();
  const third = [0, 1, 2].map(() => ask(client, false, openai, { signal: controller.signal, timeout: Infinity }));
  await Promise.all(third.slice(0, 2));
  expect(asked()).toBe(2);
  controller.abort();
  await failure(third[2] as Promise<unknown>);
});

test('a percentile hedges nothing before enough calls have been measured', async () => {
  const { client, asked } = await world(well, { retries: 0, hedge: { percentile: 90, maxShare: 1 } });
  for (let i = 0; i < 25; i++) await ask(client, false, openai);
  const before = asked();
  expect(before).toBeGreaterThanOrEqual(25);
});
