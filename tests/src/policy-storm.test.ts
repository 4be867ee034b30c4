import { AnyLLMError, type CallOptions, type Client } from '@anyllm/core';
import type { Reply } from '@anyllm/simulator';
import { expect, test } from 'vitest';
import { after, ask, mistral, ollama, openai, world } from './policy-world.ts';
import { eventually } from './simulated.ts';

const concurrency = 4;
const reason = new Error('the user left');
const tokens = ['one ', 'two ', 'three '];

/** The same numbers for the same seed: Lehmer's generator. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

const replies: Reply[] = [
  { tokens },
  { tokens, latency: { tokenMs: 15 } },
  { tokens, latency: { headersMs: 40 } },
  { status: 500 },
  { status: 503 }, // without a hint, which would slow the lane down for a while
  { status: 400 },
  { tokens, fault: { kind: 'cut', atToken: 0, by: 'rst' } },
  { tokens, fault: { kind: 'cut', atToken: 2, by: 'end' } },
  { tokens, fault: { kind: 'error-event', atToken: 1 } },
  { tokens, fault: { kind: 'stall', atToken: 1, comments: true } },
  { fault: { kind: 'silence' } },
  { fault: { kind: 'reset-before-headers' } },
  { fault: { kind: 'malformed-event', atToken: 0 } },
];

async function anyCall(client: Client, random: () => number): Promise<unknown> {
  const pick = <T>(...values: T[]): T => values[Math.floor(random() * values.length)] as T;
  const controller = new AbortController();
  const options: CallOptions = {
    signal: controller.signal,
    timeout: { total: pick(150, 400), idle: pick(40, 200), firstToken: pick(60, 300), attempt: pick(80, 1_000) },
    retries: { attempts: pick(1, 2, 4), baseMs: 1, budget: false },
    fallbacks: pick([], [mistral], [mistral, ollama]),
    ...pick({}, { onInterrupt: 'restart' as const }),
    ...pick({}, { hedge: false as const }),
    priority: pick(0, 1),
  };
  const model = pick(openai, mistral, ollama);
  const leave = pick('read', 'read', 'break', 'close', 'text', 'forget', 'abort');
  if (leave === 'abort') setTimeout(() => controller.abort(reason), random() * 100);
  if (pick(true, false)) return ask(client, false, model, options);
  const stream = await client.completion({ model, prompt: 'Hi', stream: true }, options);
  if (leave === 'forget') return undefined;
  if (leave === 'close') return void setTimeout(() => stream.close(), random() * 50);
  if (leave === 'break') for await (const _ of stream) break;
  else if (leave === 'text') for await (const _ of stream.text()) await after(1);
  else await stream.completion();
  return undefined;
}

test.each([1, 2, 3])('whatever befalls many calls, all end, and every slot and socket is free (%i)', async (seed) => {
  const random = randomOf(seed * 7_919);
  const place = await world(() => replies[Math.floor(random() * replies.length)], {
    breaker: false,
    hedge: { afterMs: 20, maxShare: 0.5 },
    limits: Object.fromEntries(['openai', 'mistral', 'ollama'].map((id) => [id, { concurrency }])),
  });
  const rows = await Promise.allSettled(Array.from({ length: 150 }, () => anyCall(place.client, random)));
  for (const row of rows) {
    if (row.status === 'rejected') expect(row.reason === reason || AnyLLMError.isInstance(row.reason)).toBe(true);
  }
  await after(450); // the deadline of those that nobody reads
  let [now, most] = [0, 0];
  place.simulator.script(({ closed }) => {
    most = Math.max(most, ++now);
    void closed.then(() => now--);
    return { text: 'well', latency: { headersMs: 100 } };
  });
  for (const model of [openai, mistral, ollama]) {
    most = 0;
    const calls = Array.from({ length: 3 * concurrency }, () =>
      ask(place.client, false, model, { timeout: 5_000, hedge: false }),
    );
    expect((await Promise.all(calls)).every(({ text }) => text === 'well')).toBe(true);
    expect(most).toBe(concurrency);
  }
  const unfinished = place.simulator.requests.filter(
    ({ finishedAt, aborted, closedAt }) => finishedAt === undefined && aborted && closedAt === undefined,
  );
  expect(unfinished).toEqual([]);
  await eventually(() => place.simulator.sockets.open <= 3 * concurrency);
});
