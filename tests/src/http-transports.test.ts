import { createFetchTransport, createUndiciTransport } from '@anyllm/provider-kit';
import type { Reply } from '@anyllm/simulator';
import { describe, expect, test } from 'vitest';
import { failure, model, simulateOpenAI } from './simulated-openai.ts';

const tokens = ['one ', 'two ', 'three'];
const transports = { undici: createUndiciTransport(), fetch: createFetchTransport() };

const cases: [string, Reply][] = [
  ['an answer', { tokens }],
  ['a tool call', { toolCalls: [{ id: 'a', name: 'f', arguments: { x: 1 } }] }],
  ['bytes cut one by one', { tokens, wire: { chunkBytes: 1 } }],
  ['keep-alives and a byte order mark', { tokens, wire: { comments: true, bom: true, newline: '\r\n' } }],
  ['a bad request', { status: 400, error: { message: 'no', param: 'model' } }],
  ['a wrong key', { status: 401 }],
  ['a missing model', { status: 404 }],
  ['a rate limit', { status: 429, headers: { 'retry-after': '2', 'x-request-id': 'req_1' } }],
  ['a failing server', { status: 500 }],
  ['an overloaded server', { status: 529 }],
  ['an HTML page', { fault: { kind: 'html' } }],
  ['an empty body', { fault: { kind: 'empty-body' } }],
  ['half of the JSON', { fault: { kind: 'truncated-json' } }],
  ['invalid UTF-8', { fault: { kind: 'invalid-utf8' } }],
  ['a line of 5 MB', { fault: { kind: 'huge-line', bytes: 5_000_000 } }],
  ['no connection', { fault: { kind: 'refuse' } }],
  ['a reset before the headers', { fault: { kind: 'reset-before-headers' } }],
  ['a reset after the headers', { fault: { kind: 'reset-after-headers' } }],
  ['a cut amid the answer', { tokens, latency: { tokenMs: 5 }, fault: { kind: 'cut', atToken: 2, by: 'fin' } }],
  ['an end before the end', { tokens, latency: { tokenMs: 5 }, fault: { kind: 'cut', atToken: 2, by: 'end' } }],
  ['an error event', { tokens, fault: { kind: 'error-event', atToken: 1 } }],
  ['a malformed event', { tokens, fault: { kind: 'malformed-event', atToken: 1 } }],
  ['silence', { fault: { kind: 'silence' } }],
];

/** What a caller sees of a call, without what differs from call to call. */
async function outcome(script: Reply, transport: keyof typeof transports, stream: boolean) {
  const { simulator, client } = await simulateOpenAI({ script });
  // Nothing but silence is to reach the limit, on a busy machine too.
  const headers = script.fault?.kind === 'silence' ? 200 : 5_000;
  const options = { transport: transports[transport], timeout: { total: 10_000, headers } };
  const call = async () => {
    const answer = await client.completion({ model, prompt: 'Hi', stream }, options);
    return 'completion' in answer ? answer.completion() : answer;
  };
  const settled = await call().then(
    ({ choices, usage, meta: { requestId } }) => ({ choices, usage, requestId }),
    ({ code, message, status, retryable, retryAfterMs, phase, partial }) => ({
      ...{ code, status, retryable, retryAfterMs, phase, partial: partial?.text },
      message: message.replaceAll(simulator.url, 'http://simulator'),
    }),
  );
  await simulator.requests[0]?.closed;
  const { authorization, accept, 'content-type': type, 'accept-encoding': encoding } = simulator.requests[0]?.headers ?? {}; // biome-ignore format: one line
  return { settled, sent: simulator.requests[0]?.body, headers: { authorization, accept, type, encoding } };
}

describe.each([false, true])('with stream: %s', (stream) => {
  test.each(cases)('%s is the same over undici and over fetch', async (_, script) => {
    const [undici, fetch] = await Promise.all([outcome(script, 'undici', stream), outcome(script, 'fetch', stream)]);
    expect(fetch).toEqual(undici);
  });
});

test.each(Object.keys(transports) as (keyof typeof transports)[])(
  '%s closes the socket of an aborted call',
  async (name) => {
    const { simulator, client } = await simulateOpenAI({ script: { tokens, fault: { kind: 'stall', atToken: 1 } } });
    const controller = new AbortController();
    const options = { transport: transports[name], signal: controller.signal };
    const stream = await client.completion({ model, prompt: 'Hi', stream: true }, options);
    const whole = failure(stream.completion());
    controller.abort('enough');
    expect(await whole).toBe('enough');
    await simulator.requests[0]?.closed;
    expect(simulator.requests[0]?.aborted).toBe(true);
  },
);

test.each(Object.keys(transports) as (keyof typeof transports)[])(
  '%s holds up a sender that nobody reads',
  async (name) => {
    const many = { *[Symbol.iterator]() { for (let at = 0; at < 100_000; at += 1) yield 'some words of text to fill a buffer with '; } }; // biome-ignore format: one line
    const { simulator, client } = await simulateOpenAI({ script: { tokens: many, wire: { eventsPerPacket: 64 } } });
    const stream = await client.completion({ model, prompt: 'Hi', stream: true }, { transport: transports[name] });
    const sent = () => simulator.requests[0]?.bytesSent ?? 0;
    for (let before = -1; sent() !== before; ) {
      before = sent();
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    expect(simulator.requests[0]?.finishedAt).toBeUndefined();
    stream.close();
  },
);
