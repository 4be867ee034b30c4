import type { AnyLLMError, CallOptions, CompletionStream, Transport } from '@anyllm/core';
import { describe, expect, test } from 'vitest';
import { watchHeldUp } from './held-up.ts';
import { after, ask, forms, mistral, ollama, openai, silence, timed, type World, world } from './policy-world.ts';
import { eventually, failure } from './simulated.ts';

const one = { limits: { openai: { concurrency: 1 } }, retries: 0 };
const tokens = ['one ', 'two ', 'three ', 'four '];
const slow = { tokens, latency: { tokenMs: 50 } };

/** Counts how many requests the server has in hand, and the most that it ever had. */
function busyServer(holdMs: number) {
  const seen = { now: 0, most: 0 };
  const script = ({ closed }: { closed: Promise<void> }) => {
    seen.most = Math.max(seen.most, ++seen.now);
    void closed.then(() => seen.now--);
    return { text: 'well', latency: { headersMs: holdMs } };
  };
  return { seen, script };
}

describe.each(forms)('$form', ({ stream }) => {
  test('of ten times as many calls as may run, exactly as many as may are under way', async () => {
    const { seen, script } = busyServer(20);
    const { client } = await world(script, { limits: { openai: { concurrency: 8 } } });
    const answers = await Promise.all(Array.from({ length: 80 }, () => ask(client, stream, openai)));
    expect(answers.every(({ text }) => text === 'well')).toBe(true);
    expect(seen).toEqual({ now: 0, most: 8 });
  });

  test('by default a hundred calls run at once for each provider', async () => {
    const { seen, script } = busyServer(300);
    const { client } = await world(script);
    await Promise.all(Array.from({ length: 150 }, () => ask(client, stream, openai)));
    expect(seen.most).toBe(100);
  });

  test('no more calls than requestsPerMinute start, and the others are refused at once when they cannot in time', async () => {
    const { client, asked } = await world(undefined, { limits: { openai: { requestsPerMinute: 7 } }, retries: 0 });
    const calls = Array.from({ length: 70 }, () => ask(client, stream, openai, { timeout: 3_000 }));
    const settling = Promise.allSettled(calls);
    expect(await timed(settling)).toBeLessThan(2_000);
    const refused = (await settling).filter((row) => row.status === 'rejected');
    expect(refused).toHaveLength(63);
    for (const { reason } of refused)
      expect(reason).toMatchObject({ code: 'rate_limit', gaveUp: 'deadline', attempts: [] });
    expect(asked()).toBe(7);
  });

  test('no more tokens than tokensPerMinute are reserved', async () => {
    const { client, asked } = await world(
      { text: 'well', usage: { prompt: 100, completion: 900 } },
      {
        limits: { openai: { tokensPerMinute: 5_000 } },
        retries: 0,
      },
    );
    const calls = Array.from({ length: 20 }, () => ask(client, stream, openai, { timeout: 3_000 }));
    await Promise.allSettled(calls);
    expect(asked()).toBeGreaterThanOrEqual(4);
    expect(asked()).toBeLessThanOrEqual(5);
  });

  test('calls start in the order in which they came', async () => {
    const { client, simulator } = await world(undefined, one);
    const keys = Array.from({ length: 12 }, (_, at) => String(at));
    await Promise.all(keys.map((at) => ask(client, stream, openai, { headers: { 'x-at': at } })));
    expect(simulator.requests.map(({ headers }) => headers['x-at'])).toEqual(keys);
  });

  test('a higher priority goes first', async () => {
    const { client, simulator } = await world({ latency: { headersMs: 10 } }, one);
    const priorities = [0, 0, 0, 5, 1];
    await Promise.all(
      priorities.map((priority) => ask(client, stream, openai, { priority, headers: { 'x-at': String(priority) } })),
    );
    expect(simulator.requests.map(({ headers }) => headers['x-at'])).toEqual(['0', '5', '1', '0', '0']);
  });

  test('the time in the queue is told', async () => {
    const { client } = await world({ latency: { headersMs: 100 } }, one);
    const heldUpMs = watchHeldUp();
    const [first, second] = await Promise.all([ask(client, stream, openai), ask(client, stream, openai)]);
    expect(first?.meta.queueMs).toBeLessThan(50 + (await heldUpMs()));
    expect(second?.meta.queueMs).toBeGreaterThan(80);
  });
});

const openStream = ({ client }: World, options: CallOptions = {}): Promise<CompletionStream> =>
  client.completion({ model: openai, prompt: 'Hi', stream: true }, options);

const broken: Transport = () => {
  throw new Error('broken');
};

const ends: Record<string, (place: World) => Promise<unknown>> = {
  success: ({ client, simulator }) => {
    simulator.script([]);
    return ask(client, false, openai);
  },
  'a stream that is read to its end': ({ client }) => ask(client, true, openai),
  'an error': ({ client, simulator }) => {
    simulator.script([{ status: 500 }]);
    return failure(ask(client, true, openai));
  },
  'an error in a stream': ({ client, simulator }) => {
    simulator.script([{ tokens, fault: { kind: 'cut', atToken: 2, by: 'rst' } }]);
    return failure(ask(client, true, openai));
  },
  'a transport that throws': ({ client }) => failure(ask(client, false, openai, { transport: broken })),
  'a time limit': ({ client, simulator }) => {
    simulator.script([silence]);
    return failure(ask(client, false, openai, { timeout: 80 }));
  },
  'a time limit in a stream': ({ client }) => failure(ask(client, true, openai, { timeout: 80 })),
  'a time limit of a stream that nobody reads': async (place) => {
    await openStream(place, { timeout: 80 });
    await place.simulator.requests[0]?.closed;
  },
  'an abort': async ({ client, simulator }) => {
    simulator.script([silence]);
    const controller = new AbortController();
    const failed = failure(ask(client, false, openai, { signal: controller.signal }));
    await simulator.waitFor(1);
    controller.abort();
    return failed;
  },
  'an abort of a stream that nobody reads': async (place) => {
    const controller = new AbortController();
    await openStream(place, { signal: controller.signal });
    controller.abort();
  },
  'a break': async (place) => {
    for await (const _ of await openStream(place)) break;
  },
  'close()': async (place) => (await openStream(place)).close(),
  'close(), twice': async (place) => {
    const stream = await openStream(place);
    stream.close();
    stream.close();
  },
  'a web stream that is cancelled': async (place) => (await openStream(place)).toReadableStream().cancel(),
  'a disposal': async (place) => {
    await using _ = await openStream(place);
  },
};

test.each(Object.entries(ends))('%s frees the slot, and frees it once', async (_, end) => {
  const place = await world([slow], one);
  await end(place);
  const { seen, script } = busyServer(20);
  place.simulator.script(script);
  const answers = await Promise.all([1, 2, 3].map(() => ask(place.client, false, openai, { timeout: 3_000 })));
  expect(answers).toHaveLength(3);
  expect(seen.most).toBe(1);
});

test('a stream holds its slot until it has been read', async () => {
  const place = await world(undefined, one);
  const stream = await openStream(place);
  const second = ask(place.client, false, openai);
  await after(100);
  expect(place.asked()).toBe(1);
  await stream.completion();
  await second;
  expect(place.asked()).toBe(2);
});

test('twenty calls that meet a 429 do not all come back in one moment', async () => {
  let limited = true;
  const { client, simulator } = await world(
    () => (limited ? { status: 429, headers: { 'retry-after-ms': '300' } } : {}),
    {
      retries: { attempts: 5 },
    },
  );
  const calls = Array.from({ length: 20 }, () => ask(client, false, openai));
  await simulator.waitFor(20);
  limited = false;
  await Promise.all(calls);
  const [first, ...returns] = simulator.requests.slice(20).map(({ receivedAt }) => receivedAt);
  expect((first ?? 0) - (simulator.requests[19]?.receivedAt ?? 0)).toBeGreaterThanOrEqual(250);
  const inOneMoment = returns.filter((at) => at - (first ?? 0) < 50).length;
  expect(inOneMoment).toBeLessThanOrEqual(2);
  expect((returns.at(-1) ?? 0) - (first ?? 0)).toBeGreaterThan(500);
});

test('a call that comes after a 429 waits for the time that the server named', async () => {
  const { client, simulator } = await world([{ status: 429, headers: { 'retry-after-ms': '400' } }], { retries: 0 });
  await failure(ask(client, false, openai));
  await ask(client, true, openai);
  const [first, second] = simulator.requests;
  expect((second?.receivedAt ?? 0) - (first?.receivedAt ?? 0)).toBeGreaterThanOrEqual(390);
});

test('a call whose wait is longer than its time is refused at once, with the wait', async () => {
  const { client, asked } = await world([{ status: 429, headers: { 'retry-after': '30' } }], { retries: 0 });
  await failure(ask(client, false, openai));
  const call = failure(ask(client, false, openai, { timeout: 2_000 }));
  expect(await timed(call)).toBeLessThan(500);
  const error = (await call) as AnyLLMError;
  expect(error).toMatchObject({ code: 'rate_limit', gaveUp: 'deadline', retryable: false });
  expect(error.retryAfterMs).toBeGreaterThan(25_000);
  expect(asked()).toBe(1);
});

test('a full queue refuses at once', async () => {
  const { client, simulator } = await world(silence, {
    limits: { openai: { concurrency: 1, maxQueue: 2 } },
    retries: 0,
  });
  const controller = new AbortController();
  const { signal } = controller;
  const held = [0, 1, 2].map(() => failure(ask(client, false, openai, { signal })));
  await simulator.waitFor(1);
  const call = failure(ask(client, false, openai));
  expect(await timed(call)).toBeLessThan(500);
  expect(await call).toMatchObject({ code: 'rate_limit', message: expect.stringContaining('maxQueue') });
  controller.abort();
  await Promise.all(held);
});

test('a refusal goes to the fallback', async () => {
  const { client, simulator } = await world(({ dialect }) => (dialect === 'openai' ? silence : { text: 'well' }), {
    limits: { openai: { concurrency: 1, maxQueue: 0 } },
    fallbacks: [mistral],
  });
  const controller = new AbortController();
  const held = failure(ask(client, false, openai, { signal: controller.signal }));
  await simulator.waitFor(1);
  expect((await ask(client, false, openai)).text).toBe('well');
  controller.abort();
  await held;
});

test('keys and providers do not share lanes', async () => {
  const { client, simulator } = await world(silence, {
    limits: { openai: { concurrency: 1 }, ollama: { concurrency: 1 } },
    retries: 0,
  });
  const controller = new AbortController();
  const { signal } = controller;
  const calls = [
    ask(client, false, openai, { signal }),
    ask(client, false, openai, { signal, apiKey: 'another' }),
    ask(client, false, ollama, { signal }),
    ask(client, false, 'openai/gpt-4o-mini', { signal }),
  ].map(failure);
  await simulator.waitFor(3);
  await after(50);
  expect(simulator.requests).toHaveLength(3);
  controller.abort();
  await Promise.all(calls);
});

test('with `perModel` models do not share a lane', async () => {
  const { client, simulator } = await world(silence, {
    limits: { openai: { concurrency: 1, perModel: true } },
    retries: 0,
  });
  const controller = new AbortController();
  const calls = [openai, 'openai/gpt-4o-mini'].map((model) =>
    failure(ask(client, false, model, { signal: controller.signal })),
  );
  await simulator.waitFor(2);
  controller.abort();
  await Promise.all(calls);
});

test('the wait in the queue ends at the total time, and the error tells of it', async () => {
  const { client } = await world(silence, one);
  const controller = new AbortController();
  const held = failure(ask(client, false, openai, { signal: controller.signal }));
  const call = failure(ask(client, false, openai, { timeout: 200 }));
  expect(await timed(call)).toBeGreaterThanOrEqual(199);
  expect(await call).toMatchObject({
    code: 'timeout',
    phase: 'total',
    timeoutMs: 200,
    attempts: [],
    cause: { code: 'rate_limit' },
  });
  controller.abort();
  await held;
});

test('ten thousand starts never overshoot, and all get through', async () => {
  const { seen, script } = busyServer(0);
  const { client, asked } = await world(script, { limits: { openai: { concurrency: 25 } } });
  const answers = await Promise.all(Array.from({ length: 10_000 }, () => ask(client, false, openai)));
  expect(answers).toHaveLength(10_000);
  expect(seen.most).toBeLessThanOrEqual(25);
  expect(asked()).toBe(10_000);
}, 60_000);

test('afterwards no socket is in use and none is opened for each call', async () => {
  const { client, simulator } = await world(undefined, { limits: { openai: { concurrency: 5 } } });
  await Promise.all(Array.from({ length: 50 }, () => ask(client, false, openai)));
  expect(simulator.sockets.opened).toBeLessThanOrEqual(6);
  await eventually(() => simulator.sockets.open <= 6);
});
