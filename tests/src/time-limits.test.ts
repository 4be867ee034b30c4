import { TimeoutError } from '@anyllm/core';
import type { Fault, Reply } from '@anyllm/simulator';
import { describe, expect, test } from 'vitest';
import { startBusyListener } from './busy-listener.ts';
import { watchHeldUp } from './held-up.ts';
import { failure, models, simulate } from './simulated.ts';

/** A timer may be late on a busy machine, never early. */
const latestMs = 1_000;

const tokens = ['one ', 'two ', 'three ', 'four ', 'five'];

interface Case {
  phase: TimeoutError['phase'];
  stream: boolean;
  reply: Reply;
}

const silence: Fault = { kind: 'silence' };
const cases: Case[] = [
  { phase: 'total', stream: false, reply: { fault: silence } },
  { phase: 'total', stream: true, reply: { fault: silence } },
  { phase: 'total', stream: true, reply: { tokens, latency: { tokenMs: 150 } } },
  { phase: 'attempt', stream: false, reply: { fault: silence } },
  { phase: 'attempt', stream: true, reply: { tokens, latency: { tokenMs: 150 } } },
  { phase: 'headers', stream: false, reply: { fault: silence } },
  { phase: 'headers', stream: true, reply: { fault: silence } },
  { phase: 'firstToken', stream: true, reply: { fault: silence } },
  { phase: 'firstToken', stream: true, reply: { fault: { kind: 'silence-after-headers' } } },
  { phase: 'firstToken', stream: true, reply: { tokens, fault: { kind: 'stall', atToken: 0, comments: true } } },
  { phase: 'idle', stream: true, reply: { tokens, fault: { kind: 'stall', atToken: 2 } } },
  { phase: 'idle', stream: true, reply: { tokens, fault: { kind: 'stall', atToken: 2, comments: true } } },
];

describe.each(models)('%s', (model) => {
  test.each(cases)('$phase fires in time, stream: $stream, $reply', async ({ phase, stream, reply }) => {
    const { simulator, client } = await simulate({ script: reply });
    const timeout = { [phase]: 200 };
    const heldUpMs = watchHeldUp();
    const startedAt = performance.now();
    let lastTextAt = startedAt;
    const call = async () => {
      if (!stream) return client.completion({ model, prompt: 'Hi' }, { timeout });
      const answer = await client.completion({ model, prompt: 'Hi', stream: true }, { timeout });
      for await (const _ of answer.text()) lastTextAt = performance.now();
      return answer.completion();
    };

    const error = (await failure(call())) as TimeoutError;
    const firedAt = performance.now();

    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ phase, timeoutMs: 200, code: 'timeout' });
    expect(error.attempts).toHaveLength(1);
    const from = phase === 'idle' ? lastTextAt : startedAt;
    expect(firedAt - from).toBeGreaterThanOrEqual(phase === 'idle' ? 190 : 199.9);
    expect(firedAt - from).toBeLessThan(latestMs);
    await simulator.requests[0]?.closed;
    expect(simulator.requests[0]?.aborted).toBe(true);
    expect((simulator.requests[0]?.closedAt ?? Number.POSITIVE_INFINITY) - firedAt).toBeLessThan(
      100 + (await heldUpMs()),
    );
  });

  test('a timeout in the middle of a stream carries the text until then', async () => {
    const { client } = await simulate({ script: { tokens, fault: { kind: 'stall', atToken: 3 } } });
    const answer = await client.completion({ model, prompt: 'Hi', stream: true }, { timeout: { idle: 100 } });
    const error = (await failure(answer.completion())) as TimeoutError;
    expect(error.partial?.text).toBe('one two three ');
  });

  test('the time in which the consumer is busy does not count as idle', async () => {
    const { client } = await simulate({ script: { tokens } });
    const answer = await client.completion({ model, prompt: 'Hi', stream: true }, { timeout: { idle: 100 } });
    let text = '';
    for await (const piece of answer.text()) {
      text += piece;
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    expect(text).toBe(tokens.join(''));
  });
});

test('connect fires while a connection is not taken', async () => {
  const { client } = await simulate();
  const timeout = { connect: 150 };
  const baseURL = await startBusyListener();
  const error = await failure(client.completion({ model: 'openai/gpt-4o', prompt: 'Hi' }, { baseURL, timeout }));
  expect(error).toMatchObject({ code: 'timeout', phase: 'connect', timeoutMs: 150 });
});

test.each([
  [Number.NaN, 'options.timeout'],
  [0, 'options.timeout'],
  [-1, 'options.timeout'],
  ['5', 'options.timeout'],
  [null, 'options.timeout'],
  [{ idle: 0 }, 'options.timeout.idle'],
  [{ total: Number.NaN }, 'options.timeout.total'],
  [{ ttl: 5 }, 'options.timeout.ttl'],
])('a timeout of %o is an InvalidRequestError at %s', async (timeout, path) => {
  const { simulator, client } = await simulate();
  const error = await failure(
    client.completion({ model: 'openai/gpt-4o', prompt: 'Hi' }, { timeout: timeout as number }),
  );
  expect(error).toMatchObject({ code: 'invalid_request', path });
  expect(simulator.requests).toHaveLength(0);
});

test.each([2 ** 31, Number.MAX_SAFE_INTEGER, Number.POSITIVE_INFINITY])(
  'a timeout of %d ms does not fire at once',
  async (timeout) => {
    const { client } = await simulate({ script: { text: 'done', latency: { headersMs: 30 } } });
    const answer = await client.completion({ model: 'openai/gpt-4o', prompt: 'Hi' }, { timeout });
    expect(answer.text).toBe('done');
  },
);
