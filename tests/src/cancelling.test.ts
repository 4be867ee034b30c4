import { RateLimitError } from '@anyllm/core';
import type { Reply } from '@anyllm/simulator';
import { describe, expect, test } from 'vitest';
import { watchHeldUp } from './held-up.ts';
import { eventually, failure, models, simulate } from './simulated.ts';

const tokens = Array.from({ length: 50 }, (_, at) => `${at} `);
const reason = new Error('the user left');

interface Case {
  phase: string;
  stream: boolean;
  reply: Reply;
}

const cases: Case[] = [
  { phase: 'waiting for headers', stream: false, reply: { fault: { kind: 'silence' } } },
  { phase: 'waiting for headers', stream: true, reply: { fault: { kind: 'silence' } } },
  { phase: 'waiting for the first token', stream: true, reply: { fault: { kind: 'silence-after-headers' } } },
  { phase: 'reading a body', stream: false, reply: { fault: { kind: 'stall', atToken: 1 }, tokens } },
  { phase: 'streaming', stream: true, reply: { tokens, latency: { tokenMs: 30 } } },
  { phase: 'stalled', stream: true, reply: { tokens, fault: { kind: 'stall', atToken: 2 } } },
];

describe.each(models)('%s', (model) => {
  test.each(cases)(
    'an abort while $phase, stream: $stream, rejects with the reason and closes the socket',
    async (c) => {
      const { simulator, client } = await simulate({ script: c.reply });
      const controller = new AbortController();
      const call = async () => {
        const options = { signal: controller.signal };
        if (!c.stream) return client.completion({ model, prompt: 'Hi' }, options);
        return (await client.completion({ model, prompt: 'Hi', stream: true }, options)).completion();
      };
      const failed = failure(call());
      await simulator.waitFor(1);
      await new Promise((resolve) => setTimeout(resolve, 50));

      const heldUpMs = watchHeldUp();

      const abortedAt = performance.now();
      controller.abort(reason);

      expect(await failed).toBe(reason);
      expect(performance.now() - abortedAt).toBeLessThan(50 + (await heldUpMs()));
      await simulator.requests[0]?.closed;
      expect(simulator.requests[0]?.aborted).toBe(true);
      expect((simulator.requests[0]?.closedAt ?? Number.POSITIVE_INFINITY) - abortedAt).toBeLessThan(
        100 + (await heldUpMs()),
      );
      await eventually(() => simulator.sockets.open === 0);
    },
  );

  const leave: Record<string, (stream: AsyncIterable<unknown> & AsyncDisposable) => Promise<void>> = {
    async break(stream) {
      for await (const _ of stream) break;
    },
    async 'return()'(stream) {
      const iterator = stream[Symbol.asyncIterator]();
      await iterator.next();
      await iterator.return?.();
    },
    async 'await using'(stream) {
      await using _ = stream;
    },
    async 'an error in the loop'(stream) {
      await failure(
        (async () => {
          for await (const _ of stream) throw reason;
        })(),
      );
    },
  };

  test.each(Object.entries(leave))('%s closes the socket of a stream', async (_, leave) => {
    const { simulator, client } = await simulate({ script: { tokens, latency: { tokenMs: 30 } } });
    const stream = await client.completion({ model, prompt: 'Hi', stream: true });
    const heldUpMs = watchHeldUp();
    const leftAt = performance.now();
    await leave(stream);
    await simulator.requests[0]?.closed;
    expect(simulator.requests[0]?.aborted).toBe(true);
    expect((simulator.requests[0]?.closedAt ?? Number.POSITIVE_INFINITY) - leftAt).toBeLessThan(
      100 + (await heldUpMs()),
    );
  });

  test('the reason of an abort stays as it is in a stream, also where it is an error of ours', async () => {
    const { client } = await simulate({ script: { tokens, fault: { kind: 'stall', atToken: 2 } } });
    const controller = new AbortController();
    const options = { signal: controller.signal };
    const stream = await client.completion({ model, prompt: 'Hi', stream: true }, options);
    const ended = failure(stream.completion());
    const ours = new RateLimitError('elsewhere', { provider: 'other', model: 'other' });
    controller.abort(ours);
    expect(await ended).toBe(ours);
  });

  test('cancelling a web stream closes the socket', async () => {
    const { simulator, client } = await simulate({ script: { tokens, latency: { tokenMs: 30 } } });
    const stream = await client.completion({ model, prompt: 'Hi', stream: true });
    const reader = stream.toReadableStream().getReader();
    await reader.read();
    await reader.cancel();
    await simulator.requests[0]?.closed;
    expect(simulator.requests[0]?.aborted).toBe(true);
  });

  test('nobody reading holds up the sender', async () => {
    const many = { *[Symbol.iterator]() { for (let i = 0; i < 200_000; i++) yield 'some words of text '; } }; // biome-ignore format: one line
    const { simulator, client } = await simulate({ script: { tokens: many, wire: { eventsPerPacket: 16 } } });
    const stream = await client.completion({ model, prompt: 'Hi', stream: true });
    const sent = () => simulator.requests[0]?.bytesSent ?? 0;
    let before = -1;
    while (sent() !== before) {
      before = sent();
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    expect(simulator.requests[0]?.finishedAt).toBeUndefined();
    expect(sent()).toBeLessThan(20_000_000); // what the sockets' buffers of both sides hold; the answer is larger
    await stream[Symbol.asyncDispose]();
  });

  test('a signal that is aborted already ends the call before the network', async () => {
    const { simulator, client } = await simulate();
    const error = await failure(client.completion({ model, prompt: 'Hi' }, { signal: AbortSignal.abort(reason) }));
    expect(error).toBe(reason);
    expect(simulator.requests).toHaveLength(0);
  });
});

test('an aborted gather closes the sockets of all its requests', async () => {
  const { simulator, client } = await simulate({ script: { fault: { kind: 'silence' } } });
  const controller = new AbortController();
  const requests = models.map((model) => ({ model, prompt: 'Hi' }));
  const failed = failure(client.gather(requests, { signal: controller.signal }));
  await simulator.waitFor(3);
  controller.abort(reason);
  expect(await failed).toBe(reason);
  await eventually(() => simulator.requests.every((request) => request.aborted) && simulator.sockets.open === 0);
});

test('the first failure of a gather closes the sockets of the others', async () => {
  const { simulator, client } = await simulate({
    script: ({ dialect }) =>
      dialect === 'openai' ? { status: 500, latency: { headersMs: 50 } } : { fault: { kind: 'silence' } },
  });
  const error = await failure(client.gather(models.map((model) => ({ model, prompt: 'Hi' }))));
  expect(error).toMatchObject({ code: 'provider', status: 500 });
  await eventually(() => simulator.requests.filter((request) => request.aborted).length === 2);
});

test('after calls and aborts no timer or listener is left', async () => {
  const { simulator, client } = await simulate({
    script: ({ index }) => (index % 2 ? { fault: { kind: 'silence' } } : {}),
  });
  const controller = new AbortController();
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  const calls = Array.from({ length: 40 }, () =>
    client.completion({ model: 'openai/gpt-4o', prompt: 'Hi' }, { signal: controller.signal }).catch(() => {}),
  );
  await simulator.waitFor(40);
  controller.abort(reason);
  await Promise.all(calls);
  expect(timers()).toBeLessThanOrEqual(before);
});
