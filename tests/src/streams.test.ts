import { type CompletionStream, InvalidRequestError, StreamInterruptedError } from '@anyllm/core';
import type { Fault, Reply, SimulatorOptions } from '@anyllm/simulator';
import { describe, expect, test } from 'vitest';
import { failure, model, simulateOpenAI } from './simulated-openai.ts';

const tokens = ['one ', 'two ', 'three ', 'four'];
const text = tokens.join('');

async function open(script?: SimulatorOptions['script'], options = {}) {
  const { simulator, client } = await simulateOpenAI(script ? { script } : {});
  const stream = await client.completion({ model, prompt: 'Hi', stream: true }, options);
  return { simulator, client, stream };
}

const collect = async <T>(source: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const item of source) all.push(item);
  return all;
};

/** A socket's worth of time in which what is under way arrives. */
const aMoment = (ms = 50) => new Promise((resolve) => setTimeout(resolve, ms));

describe('views', () => {
  test('the chunks are of the OpenAI shape and end with a finish reason', async () => {
    const { stream } = await open({ tokens });
    const chunks = await collect(stream);
    expect(chunks.every(({ object, id }) => object === 'chat.completion.chunk' && id === chunks[0]?.id)).toBe(true);
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe(text);
    expect(chunks.flatMap(({ choices }) => choices[0]?.finish_reason ?? [])).toEqual(['stop']);
  });

  test('the text comes as it was cut', async () => {
    const { stream } = await open({ tokens });
    expect(await collect(stream.text())).toEqual(tokens);
  });

  test('of several choices the text is that of the first', async () => {
    const { client } = await simulateOpenAI({ script: { choices: [{ text: 'yes' }, { text: 'no' }] } });
    const stream = await client.completion({ model, prompt: 'Hi', n: 2, stream: true });
    expect((await collect(stream.text())).join('')).toBe('yes');
    expect((await stream.completion()).choices.map((choice) => choice.text)).toEqual(['yes', 'no']);
  });

  test('the whole is there instead of the pieces, and after them', async () => {
    const instead = await (await open({ tokens })).stream.completion();
    const { stream } = await open({ tokens });
    await collect(stream.text());
    expect(instead.text).toBe(text);
    expect((await stream.completion()).text).toBe(text);
  });

  test('the whole, asked for first, is the one view', async () => {
    const { stream } = await open({ tokens });
    const whole = stream.completion();
    expect(await failure(() => stream.text())).toBeInstanceOf(InvalidRequestError);
    expect((await whole).text).toBe(text);
  });

  test('beside a view that is being read, the whole waits for it', async () => {
    const { stream } = await open({ tokens, latency: { tokenMs: 10 } });
    const view = collect(stream.text());
    expect((await stream.completion()).text).toBe(text);
    expect(await view).toEqual(tokens);
  });

  test('many may wait for the whole', async () => {
    const { stream } = await open({ tokens, latency: { tokenMs: 10 } });
    const wholes = await Promise.all([stream.completion(), stream.completion(), stream.completion()]);
    expect(wholes.map((whole) => whole.text)).toEqual([text, text, text]);
  });

  const views: Record<string, (stream: CompletionStream) => unknown> = {
    chunks: (stream) => stream[Symbol.asyncIterator](),
    'text()': (stream) => stream.text(),
    'toReadableStream()': (stream) => stream.toReadableStream(),
  };
  const pairs = Object.keys(views).flatMap((first) => Object.keys(views).map((second) => [first, second] as const));
  test.each(pairs)('after %s, %s is refused and the first goes on', async (first, second) => {
    const { stream } = await open({ tokens });
    views[first]?.(stream);
    expect(await failure(() => views[second]?.(stream))).toBeInstanceOf(InvalidRequestError);
  });

  test('after the whole, the chunks are refused', async () => {
    const { stream } = await open({ tokens });
    await stream.completion();
    expect(await failure(() => stream.text())).toBeInstanceOf(InvalidRequestError);
  });

  test('a view that is over stays over', async () => {
    const { stream } = await open({ tokens });
    const view = stream.text();
    await collect({ [Symbol.asyncIterator]: () => view });
    expect(await Promise.all([view.next(), view.next()])).toEqual([
      { done: true, value: undefined },
      { done: true, value: undefined },
    ]);
  });
});

describe('calls of next() at the same time', () => {
  test.each([1, 2, 4])('get the pieces in the order of the calls, %d to a packet', async (eventsPerPacket) => {
    const many = Array.from({ length: 12 }, (_, at) => `${at} `);
    const { stream } = await open({ tokens: many, wire: { eventsPerPacket }, latency: { tokenMs: 5 } });
    const view = stream.text();
    const got: (string | undefined)[] = [];
    let asked = 0;
    const reader = async () => {
      for (;;) {
        const at = asked++;
        const { value, done } = await view.next();
        if (done) return;
        got[at] = value;
      }
    };
    await Promise.all([reader(), reader(), reader()]);
    expect(got).toEqual(many);
  });

  test('one of them gets the failure, the others the end', async () => {
    const { stream } = await open({ tokens, latency: { tokenMs: 20 }, fault: { kind: 'cut', atToken: 1, by: 'rst' } });
    const view = stream.text();
    await view.next();
    const results = await Promise.allSettled([view.next(), view.next(), view.next()]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(await view.next()).toEqual({ done: true, value: undefined });
  });

  test('leaving ends those that wait', async () => {
    const { stream } = await open({ tokens, fault: { kind: 'stall', atToken: 1 } });
    const view = stream.text();
    await view.next();
    const waiting = [view.next(), view.next()];
    await view.return?.();
    expect(await Promise.all(waiting)).toEqual([
      { done: true, value: undefined },
      { done: true, value: undefined },
    ]);
  });
});

describe('toReadableStream()', () => {
  /** The data of each event. */
  const parse = (body: string) =>
    body
      .split('\n\n')
      .filter((event) => event !== '')
      .map((event) => event.replace(/^data: /, ''));

  test('is an event stream that a Response sends', async () => {
    const { stream } = await open({ tokens });
    const response = new Response(stream.toReadableStream(), { headers: { 'content-type': 'text/event-stream' } });
    const events = parse(await response.text());
    expect(events.at(-1)).toBe('[DONE]');
    const chunks = events.slice(0, -1).map((event) => JSON.parse(event));
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe(text);
    expect((await stream.completion()).text).toBe(text);
  });

  test('a failure is an event, and then the failure', async () => {
    const { stream } = await open({ tokens, fault: { kind: 'cut', atToken: 2, by: 'end' } });
    const reader = stream.toReadableStream().getReader();
    let body = '';
    const read = async () => {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        body += new TextDecoder().decode(value);
      }
    };
    const error = await failure(read());
    expect(error).toBeInstanceOf(StreamInterruptedError);
    const last = JSON.parse(parse(body).at(-1) ?? '');
    expect(last).toEqual({
      error: { message: (error as Error).message, type: 'stream_interrupted', param: null, code: null },
    });
    expect(body).not.toContain('[DONE]');
  });

  test("a caller's reason is not for the other end", async () => {
    const controller = new AbortController();
    const { stream } = await open({ tokens, fault: { kind: 'stall', atToken: 1 } }, { signal: controller.signal });
    const reader = stream.toReadableStream().getReader();
    await reader.read();
    controller.abort(new Error('internal detail'));
    let seen = '';
    const error = await failure(async () => {
      for (;;) seen += new TextDecoder().decode((await reader.read()).value);
    });
    expect(error).toMatchObject({ message: 'internal detail' });
    expect(seen).not.toContain('internal detail');
    expect(seen).toContain('"type":"aborted"');
  });

  test('is read no faster than its reader does', async () => {
    const { stream } = await open({ tokens });
    const reader = stream.toReadableStream().getReader();
    await reader.read();
    expect(await failure(() => stream.text())).toBeInstanceOf(InvalidRequestError);
    await reader.cancel();
    expect(await failure(stream.completion())).toBeInstanceOf(StreamInterruptedError);
  });
});

describe('leaving', () => {
  test('after leaving, the whole rejects with what had come until then', async () => {
    const { stream } = await open({ tokens, latency: { tokenMs: 20 } });
    for await (const _ of stream.text()) break;
    const error = (await failure(stream.completion())) as StreamInterruptedError;
    expect(error).toBeInstanceOf(StreamInterruptedError);
    expect(error.message).toBe('openai: the stream was closed by its consumer before its end');
    expect(error.partial?.text).toBe('one ');
  });

  test('`await using` closes, also when the block throws', async () => {
    const { simulator, stream } = await open({ tokens, latency: { tokenMs: 20 } });
    const error = await failure(async () => {
      await using _ = stream;
      throw new Error('of the block');
    });
    expect(error).toMatchObject({ message: 'of the block' });
    await simulator.requests[0]?.closed;
    expect(simulator.requests[0]?.aborted).toBe(true);
  });

  test('closing twice, or after the end, does nothing', async () => {
    const { stream } = await open({ tokens });
    const whole = await stream.completion();
    stream.close();
    await stream[Symbol.asyncDispose]();
    expect((await stream.completion()).text).toBe(whole.text);
  });

  test('the whole, asked for while another view stands still, ends with the deadline', async () => {
    const { stream } = await open({ tokens, fault: { kind: 'stall', atToken: 2 } }, { timeout: 150 });
    const view = stream.text();
    await view.next();
    const error = await failure(stream.completion());
    expect(error).toMatchObject({ code: 'timeout', phase: 'total', partial: { text: 'one ' } });
  });

  test('an abort while the reader pauses throws from its view too, not only from the whole', async () => {
    const controller = new AbortController();
    const { stream } = await open({ tokens, fault: { kind: 'stall', atToken: 2 } }, { signal: controller.signal });
    const view = stream.text();
    await view.next();
    const whole = failure(stream.completion());
    controller.abort('enough');
    expect(await whole).toBe('enough');
    expect(await failure(view.next())).toBe('enough');
    expect(await view.next()).toEqual({ done: true, value: undefined });
  });

  test('the whole, asked for after the deadline passed unnoticed, is that time-out', async () => {
    const { stream } = await open({ tokens, fault: { kind: 'stall', atToken: 2 } }, { timeout: 100 });
    await stream.text().next();
    await aMoment(200);
    expect(await failure(stream.completion())).toMatchObject({ code: 'timeout', phase: 'total' });
  });

  test('of a stream that nobody reads, the socket closes with the deadline', async () => {
    const { simulator, stream } = await open({ tokens, fault: { kind: 'stall', atToken: 2 } }, { timeout: 100 });
    await simulator.requests[0]?.closed;
    expect(simulator.requests[0]?.aborted).toBe(true);
    expect(await failure(stream.completion())).toMatchObject({ code: 'timeout' });
  });
});

describe('a stream that is cut', () => {
  const cuts: [string, Fault][] = [
    ['closed amid an event', { kind: 'cut', atToken: 2, by: 'fin' }],
    ['reset', { kind: 'cut', atToken: 2, by: 'rst' }],
    ["closed without HTTP's last chunk", { kind: 'cut', atToken: 2, by: 'no-last-chunk' }],
    ['ended in good order', { kind: 'cut', atToken: 2, by: 'end' }],
    ['broken by an event that is not JSON', { kind: 'malformed-event', atToken: 2 }],
    ['ended by an error event', { kind: 'error-event', atToken: 2, error: { message: 'out of luck' } }],
  ];

  test.each(cuts)('%s, is a StreamInterruptedError with what had come', async (_, fault) => {
    const { simulator, stream } = await open({ tokens, latency: { tokenMs: 5 }, fault });
    const got: string[] = [];
    const error = (await failure(async () => {
      for await (const piece of stream.text()) got.push(piece);
    })) as StreamInterruptedError;
    expect(got).toEqual(['one ', 'two ']);
    expect(error).toBeInstanceOf(StreamInterruptedError);
    expect(error).toMatchObject({ code: 'stream_interrupted', provider: 'openai', model: 'gpt-4o' });
    expect(error.partial).toMatchObject({ text: 'one two ', choices: [{ finish_reason: 'length' }] });
    expect(error.attempts).toMatchObject([{ status: 200, error: { code: 'stream_interrupted' } }]);
    expect(await failure(stream.completion())).toBe(error);
    await simulator.requests[0]?.closed;
  });

  test.each(cuts)('%s, fails the chunks and the whole alike', async (_, fault) => {
    const { stream: chunks } = await open({ tokens, latency: { tokenMs: 5 }, fault });
    expect(await failure(collect(chunks))).toBeInstanceOf(StreamInterruptedError);
    const { stream: whole } = await open({ tokens, latency: { tokenMs: 5 }, fault });
    expect(await failure(whole.completion())).toBeInstanceOf(StreamInterruptedError);
  });

  test.each(cuts)('%s before the first content, rejects the call', async (_, fault) => {
    const { client } = await simulateOpenAI({ script: { tokens, fault: { ...fault, atToken: 0 } as Fault } });
    const error = await failure(client.completion({ model, prompt: 'Hi', stream: true }));
    expect(error).toMatchObject({ provider: 'openai', attempts: [{ status: 200 }] });
    expect(['stream_interrupted', 'connection', 'response_parse', 'provider']).toContain((error as { code: string }).code); // biome-ignore format: one line
  });

  test('what the vendor says in an error event is in the message', async () => {
    const { stream } = await open({
      tokens,
      fault: { kind: 'error-event', atToken: 1, error: { message: 'no luck' } },
    });
    const error = (await failure(stream.completion())) as StreamInterruptedError;
    expect(error.message).toContain('no luck');
    expect(error.cause).toMatchObject({ code: 'provider' });
  });

  test('without a finish reason the answer is not whole', async () => {
    const { stream } = await open({ tokens, fault: { kind: 'no-finish' } });
    expect(await failure(stream.completion())).toMatchObject({
      message: 'openai: the stream ended before the answer did (no finish reason)',
      partial: { text },
    });
  });

  test('only `[DONE]` missing, the answer is whole', async () => {
    const { stream } = await open({ tokens, fault: { kind: 'no-terminator' } });
    expect(await stream.completion()).toMatchObject({ text, usage: { completion_tokens: tokens.length } });
  });

  test('usage that had come is kept', async () => {
    const chunk = (more: object) => ({ id: 'a', created: 1, model: 'm', choices: [], ...more });
    const usage = { prompt_tokens: 7, completion_tokens: 1, total_tokens: 8 };
    const { stream } = await open({
      events: [chunk({ choices: [{ index: 0, delta: { content: 'Hello' }, finish_reason: null }] }), chunk({ usage })],
    });
    const error = (await failure(stream.completion())) as StreamInterruptedError;
    expect(error.partial).toMatchObject({ text: 'Hello', usage });
  });
});

describe('an event of a form that no chunk has', () => {
  const good = { id: 'a', created: 1, model: 'm', choices: [{ index: 0, delta: { content: 'Hi' } }] };
  const bad = (choice: object) => ({ ...good, choices: [{ index: 0, delta: {}, ...choice }] });
  test.each<[string, object]>([
    ['log probabilities that are no list', bad({ logprobs: { content: 5 } })],
    ['choices that are a number', { ...good, choices: 5 }],
    ['a choice that is null', { ...good, choices: [null] }],
    ['a delta that is a text', bad({ delta: 'Hi' })],
    ['content that is an object', bad({ delta: { content: { a: 1 } } })],
    ['tool calls that are a text', bad({ delta: { tool_calls: 'call' } })],
    ['a tool call that is null', bad({ delta: { tool_calls: [null] } })],
    ['a tool call of a huge index', bad({ delta: { tool_calls: [{ index: 4e9, id: 'a' }] } })],
    ['a choice of the index `__proto__`', bad({ index: '__proto__' })],
    ['usage that is a text', { ...good, usage: 'much' }],
    ['annotations that are a number', bad({ delta: { annotations: 5 } })],
    ['audio that is a text', bad({ delta: { audio: 'beep' } })],
    ['the field `__proto__`', JSON.parse('{"id":"a","choices":[{"index":0,"delta":{"__proto__":{"polluted":1}}}]}')],
  ])('%s, fails typed or is passed over, and crashes nothing', async (_, event) => {
    for (const events of [
      [event, good],
      [good, event],
    ]) {
      const { client } = await simulateOpenAI({ script: { events, latency: { tokenMs: 5 } } });
      const call = async () => (await client.completion({ model, prompt: 'Hi', stream: true })).completion();
      const error = await failure(call());
      expect(error).toMatchObject({ provider: 'openai', code: expect.any(String) });
    }
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

describe('whole and streamed', () => {
  const replies: [string, Reply, object?][] = [
    ['text', { tokens }],
    ['no text', { text: '' }],
    ['text that is not ASCII', { text: 'Grüße, 世界 👩‍🚀' }],
    ['a tool call', { toolCalls: [{ id: 'call_1', name: 'f', arguments: { a: [1, 'ü'] } }] }],
    ['several tool calls', { toolCalls: [{ id: 'a', name: 'f', arguments: {} }, { id: 'b', name: 'g', arguments: '{"x":' }] }], // biome-ignore format: one line
    ['text cut short', { text: 'as far as', finishReason: 'length' }],
    ['a refusal', { refusal: 'I would rather not' }],
    ['several choices', { choices: [{ text: 'yes' }, { text: 'no' }] }, { n: 2 }],
    ['bytes cut at random', { tokens: ['Grüße ', '世界'], wire: { chunkBytes: 1 } }],
  ];
  test.each(replies)('give the same answer: %s', async (_, script, extra) => {
    const { client } = await simulateOpenAI({ script });
    const tools = [
      { type: 'function' as const, function: { name: 'f' } },
      { type: 'function' as const, function: { name: 'g' } },
    ];
    const request = { model, prompt: 'Hi', tools, ...extra } as const;
    const whole = await client.completion(request);
    const streamed = await (await client.completion({ ...request, stream: true })).completion();
    const comparable = ({ id: _id, created: _created, meta: _meta, system_fingerprint: _, ...rest }: typeof whole) =>
      rest;
    expect(comparable(streamed)).toEqual(comparable(whole));
  });

  test('usage comes with a stream without asking for it', async () => {
    const { simulator, stream } = await open({ tokens, usage: { prompt: 3, completion: 4 } });
    const { usage } = await stream.completion();
    expect(usage).toMatchObject({ prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 });
    expect(simulator.requests[0]?.body?.stream_options).toEqual({ include_usage: true });
  });

  test('a refusal to report usage cannot be asked for', async () => {
    const { simulator, client } = await simulateOpenAI();
    const stream_options = { include_usage: false };
    const stream = await client.completion({ model, prompt: 'Hi', stream: true, stream_options });
    expect((await stream.completion()).usage).toBeDefined();
    expect(simulator.requests[0]?.body?.stream_options).toEqual({ include_usage: true });
  });

  test('the first token is timed for a stream and not for a whole answer', async () => {
    const { client, stream } = await open({ tokens, latency: { firstTokenMs: 30 } });
    const { meta } = await stream.completion();
    expect(meta.firstTokenMs).toBeGreaterThanOrEqual(29);
    expect(meta.totalMs).toBeGreaterThanOrEqual(meta.firstTokenMs ?? Number.POSITIVE_INFINITY);
    expect((await client.completion({ model, prompt: 'Hi' })).meta.firstTokenMs).toBeUndefined();
  });
});
