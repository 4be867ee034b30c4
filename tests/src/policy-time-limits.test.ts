import type { TimeoutError, TimeoutPhase } from '@anyllm/core';
import type { Reply } from '@anyllm/simulator';
import { describe, expect, test } from 'vitest';
import { startBusyListener } from './busy-listener.ts';
import { watchHeldUp } from './held-up.ts';
import { ask, forms, mistral, openai, quick, silence, timed, world } from './policy-world.ts';
import { eventually, failure } from './simulated.ts';

/** A timer may be late on a busy machine, never early. */
const slackMs = 700;

const tokens = ['one ', 'two ', 'three '];
const limitMs = 120;

interface Case {
  phase: TimeoutPhase;
  form: 'whole' | 'streamed';
  reply: Reply;
  attempts: number;
}

const cases: Case[] = [
  { phase: 'headers', form: 'whole', reply: silence, attempts: 3 },
  { phase: 'headers', form: 'streamed', reply: silence, attempts: 3 },
  { phase: 'attempt', form: 'whole', reply: silence, attempts: 3 },
  { phase: 'attempt', form: 'streamed', reply: silence, attempts: 3 },
  {
    phase: 'firstToken',
    form: 'streamed',
    reply: { tokens, fault: { kind: 'stall', atToken: 0, comments: true } },
    attempts: 3,
  },
  {
    phase: 'idle',
    form: 'streamed',
    reply: { tokens, fault: { kind: 'stall', atToken: 1, comments: true } },
    attempts: 1,
  },
  { phase: 'total', form: 'whole', reply: silence, attempts: 1 },
  { phase: 'total', form: 'streamed', reply: silence, attempts: 1 },
];

test.each(cases)(
  '$phase, $form, fires in each of $attempts attempts under retry',
  async ({ phase, form, reply, attempts }) => {
    const { client, simulator } = await world(reply, { retries: quick });
    const call = failure(ask(client, form === 'streamed', openai, { timeout: { [phase]: limitMs } }));
    const ms = await timed(call);
    const error = (await call) as TimeoutError;
    expect(error).toMatchObject({ code: 'timeout', phase, timeoutMs: limitMs });
    expect(error.attempts).toHaveLength(attempts);
    for (const { startMs, durationMs } of error.attempts) {
      // The total runs from the call, which begins before its first attempt.
      const countedMs = phase === 'total' ? startMs + durationMs : durationMs;
      expect(countedMs).toBeGreaterThanOrEqual(limitMs - 1);
      expect(countedMs).toBeLessThan(limitMs + slackMs);
    }
    expect(ms).toBeLessThan(attempts * (limitMs + slackMs));
    await eventually(() => simulator.sockets.open === 0);
  },
);

test.each(cases)(
  '$phase, $form, fires for each of the calls that wait for one slot',
  async ({ phase, form, reply }) => {
    const { client, simulator } = await world(reply, { retries: 0, limits: { openai: { concurrency: 1 } } });
    const stream = form === 'streamed';
    const calls = [1, 2, 3].map(() => failure(ask(client, stream, openai, { timeout: { [phase]: limitMs } })));
    const ms = await timed(Promise.all(calls));
    for (const error of await Promise.all(calls)) expect(error).toMatchObject({ code: 'timeout', phase });
    // The total counts in the queue; the limits of an attempt begin with it.
    const turns = phase === 'total' ? 1 : 3;
    expect(ms).toBeGreaterThanOrEqual(turns * limitMs - 1);
    expect(ms).toBeLessThan(turns * (limitMs + slackMs));
    await eventually(() => simulator.sockets.open === 0);
  },
);

describe.each(forms)('the total time, $form', ({ stream }) => {
  test('bounds all attempts together', async () => {
    const { client } = await world(silence, { retries: { ...quick, attempts: 10 } });
    const call = failure(ask(client, stream, openai, { timeout: { total: 300, attempt: 200 } }));
    const ms = await timed(call);
    expect(ms).toBeGreaterThanOrEqual(299);
    expect(ms).toBeLessThan(300 + slackMs);
    const error = (await call) as TimeoutError;
    expect(error).toMatchObject({ phase: 'total', timeoutMs: 300 });
    expect(error.attempts.length).toBeGreaterThan(1);
  });

  test('counts what the attempts before have used', async () => {
    const { client } = await world([{ status: 500, latency: { headersMs: 150 } }, silence], { retries: quick });
    const call = failure(ask(client, stream, openai, { timeout: 300 }));
    const ms = await timed(call);
    expect(ms).toBeGreaterThanOrEqual(299);
    expect(ms).toBeLessThan(300 + slackMs);
    expect(await call).toMatchObject({ phase: 'total', attempts: [{ status: 500 }, { error: { code: 'timeout' } }] });
  });
});

const reason = new Error('the user left');
const one = { openai: { concurrency: 1 } };

interface Stage {
  stage: string;
  script: Reply[];
  settings: object;
  options?: object;
  /** Requests that have come in before the abort. */
  arrived: number;
}

const stages: Stage[] = [
  {
    stage: 'while it backs off',
    script: [{ status: 503, headers: { 'retry-after': '30' } }],
    settings: {},
    arrived: 1,
  },
  { stage: 'in its second attempt', script: [{ status: 500 }, silence], settings: { retries: quick }, arrived: 2 },
  {
    stage: 'with its fallback',
    script: [{ status: 400 }, silence],
    settings: { fallbacks: { models: [mistral], when: () => true } },
    arrived: 2,
  },
  {
    stage: 'with two copies',
    script: [silence, silence],
    settings: { hedge: { afterMs: 20, maxShare: 1 } },
    arrived: 2,
  },
  {
    stage: 'while the server wants a pause',
    script: [{ status: 429, headers: { 'retry-after': '30' } }],
    settings: {},
    arrived: 1,
  },
];

describe.each(forms)('an abort, $form', ({ stream }) => {
  test.each(stages)(
    '$stage ends the call with the reason, its sockets and its slot',
    async ({ script, settings, arrived }) => {
      const { client, simulator } = await world(script, { ...settings, limits: { openai: { concurrency: 5 } } });
      const controller = new AbortController();
      const failed = failure(ask(client, stream, openai, { signal: controller.signal }));
      await simulator.waitFor(arrived);
      await new Promise((resolve) => setTimeout(resolve, 30));
      const heldUpMs = watchHeldUp();
      const abortedAt = performance.now();
      controller.abort(reason);
      expect(await failed).toBe(reason);
      expect(performance.now() - abortedAt).toBeLessThan(100 + (await heldUpMs()));
      for (const { closed } of simulator.requests) await closed;
      for (const { closedAt = abortedAt } of simulator.requests)
        expect(closedAt - abortedAt).toBeLessThan(100 + (await heldUpMs()));
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect(simulator.requests).toHaveLength(arrived);
    },
  );

  test('in the queue ends the call with the reason, and its place is free', async () => {
    const { client, simulator, asked } = await world([{ text: 'well', latency: { headersMs: 200 } }], { limits: one });
    const controller = new AbortController();
    const first = ask(client, stream, openai);
    const failed = failure(ask(client, stream, openai, { signal: controller.signal }));
    const third = ask(client, stream, openai);
    await simulator.waitFor(1);
    const heldUpMs = watchHeldUp();
    const abortedAt = performance.now();
    controller.abort(reason);
    expect(await failed).toBe(reason);
    expect(performance.now() - abortedAt).toBeLessThan(100 + (await heldUpMs()));
    await Promise.all([first, third]);
    expect(asked()).toBe(2);
  });

  test('while it connects ends the call with the reason', async () => {
    const { client } = await world(undefined);
    const controller = new AbortController();
    const baseURL = await startBusyListener();
    const failed = failure(
      ask(client, stream, openai, { baseURL, signal: controller.signal, retries: { attempts: 100, baseMs: 50 } }),
    );
    await new Promise((resolve) => setTimeout(resolve, 60));
    const heldUpMs = watchHeldUp();
    const abortedAt = performance.now();
    controller.abort(reason);
    expect(await failed).toBe(reason);
    expect(performance.now() - abortedAt).toBeLessThan(100 + (await heldUpMs()));
  });

  test('of a gather ends those that run, wait and back off', async () => {
    const { client, simulator } = await world(
      ({ index }) => (index === 0 ? { status: 503, headers: { 'retry-after': '30' } } : silence),
      {
        limits: { openai: { concurrency: 2 } },
      },
    );
    const controller = new AbortController();
    const tasks = Array.from(
      { length: 6 },
      () =>
        ({ signal }: { signal: AbortSignal }) =>
          ask(client, stream, openai, { signal }),
    );
    const failed = failure(client.gather(tasks, { signal: controller.signal, concurrency: 6 }));
    await simulator.waitFor(2);
    controller.abort(reason);
    expect(await failed).toBe(reason);
    await eventually(() => simulator.requests.slice(1).every(({ aborted }) => aborted));
    simulator.script({ text: 'well' });
    const next = await Promise.all(
      [1, 2, 3].map(() => ask(client, stream, openai, { apiKey: 'another', timeout: 2_000 })),
    );
    expect(next.map(({ text }) => text)).toEqual(['well', 'well', 'well']);
  });
});
