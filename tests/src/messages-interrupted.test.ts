import { InvalidRequestError, type MessagesEvent, StreamInterruptedError, TimeoutError } from '@anyllm/core';
import type { Reply } from '@anyllm/simulator';
import { describe, expect, test } from 'vitest';
import { failure, models, simulate } from './simulated.ts';

const ask = { max_tokens: 200, messages: [{ role: 'user' as const, content: 'Hello' }] };
const tokens = ['one ', 'two ', 'three'];
const weather = { name: 'get_weather', input_schema: { type: 'object' } };

async function open(model: string, script: Reply, options = {}) {
  const { client, simulator } = await simulate({ script });
  const stream = await client.messages({ ...ask, tools: [weather], model: model as never, stream: true }, options);
  return { stream, simulator };
}

async function collect(events: AsyncIterable<MessagesEvent>): Promise<MessagesEvent[]> {
  const all: MessagesEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

describe.each(models)('%s', (model) => {
  test.each<[string, Reply['fault']]>([
    ['cut', { kind: 'cut', atToken: 2, by: 'rst' }],
    ['ended in good order', { kind: 'cut', atToken: 2, by: 'end' }],
    ['ended by an error event', { kind: 'error-event', atToken: 2, error: { message: 'out of luck' } }],
  ])('a stream that is %s throws with the message so far, and so does the whole', async (_, fault) => {
    const { stream } = await open(model, { tokens, latency: { tokenMs: 5 }, ...(fault && { fault }) });
    const error = (await failure(collect(stream))) as StreamInterruptedError;
    expect(error).toBeInstanceOf(StreamInterruptedError);
    expect(error.partialMessage).toMatchObject({
      type: 'message',
      role: 'assistant',
      content: [{ type: 'text', text: 'one two ' }],
      stop_reason: null,
      meta: { provider: error.provider },
    });
    expect(error.partial).toBeUndefined();
    expect(await failure(stream.message())).toBe(error);
  });

  test('a time limit throws with the message so far, and is not to be retried', async () => {
    const { stream } = await open(model, { tokens, fault: { kind: 'stall', atToken: 1 } }, { timeout: { idle: 60 } });
    const error = (await failure(stream.message())) as TimeoutError;
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ phase: 'idle', retryable: false });
    expect(error.partialMessage?.content).toEqual([{ type: 'text', text: 'one ' }]);
  });

  test('after leaving, the whole rejects with what had been read', async () => {
    const { stream } = await open(model, { tokens, latency: { tokenMs: 20 } });
    for await (const { type } of stream) if (type === 'content_block_delta') break;
    const error = (await failure(stream.message())) as StreamInterruptedError;
    expect(error).toBeInstanceOf(StreamInterruptedError);
    expect(error.message).toMatch(/^\w+: the stream was closed by its consumer before its end$/);
    expect(error.partialMessage?.content).toEqual([{ type: 'text', text: 'one ' }]);
  });
});

const model = 'openai/gpt-4o';

test('of thinking and tool calls there is what had come whole, and no half of an input', async () => {
  const call = { name: 'get_weather', arguments: { city: 'Oslo' } };
  const { client } = await simulate({ script: { text: 'Well.', toolCalls: [call, call], toolCallFragments: 3 } });
  const stream = await client.messages({ ...ask, tools: [weather], model, stream: true });
  for await (const event of stream) {
    if (event.type === 'content_block_delta' && event.index === 2) break;
  }
  const error = (await failure(stream.message())) as StreamInterruptedError;
  expect(error.partialMessage?.content).toMatchObject([
    { type: 'text', text: 'Well.' },
    { type: 'tool_use', name: 'get_weather', input: { city: 'Oslo' } },
  ]);
});

test('a stream of which nothing has been read has no message', async () => {
  const { stream } = await open(model, { tokens });
  stream.close();
  const error = (await failure(stream.message())) as StreamInterruptedError;
  expect(error).toBeInstanceOf(StreamInterruptedError);
  expect(error.partialMessage).toBeUndefined();
});

test('the whole waits for who reads the events, and there is one reader', async () => {
  const { stream } = await open(model, { tokens, latency: { tokenMs: 5 } });
  const whole = stream.message();
  expect(await failure(collect(stream))).toBeInstanceOf(InvalidRequestError);
  expect((await whole).content).toEqual([{ type: 'text', text: 'one two three' }]);
  const { stream: read } = await open(model, { tokens, latency: { tokenMs: 5 } });
  const [events, message] = await Promise.all([collect(read), read.message()]);
  expect(events.at(-1)).toEqual({ type: 'message_stop' });
  expect(message.content).toEqual([{ type: 'text', text: 'one two three' }]);
});

test('an abort while the reader pauses rejects the whole with its reason, and then the reader', async () => {
  const controller = new AbortController();
  const script: Reply = { tokens, fault: { kind: 'stall', atToken: 1 } };
  const { stream } = await open(model, script, { signal: controller.signal });
  const events = stream[Symbol.asyncIterator]();
  await events.next();
  const whole = failure(stream.message());
  controller.abort('enough');
  expect(await whole).toBe('enough');
  expect(await failure(events.next())).toBe('enough');
  expect(await events.next()).toEqual({ done: true, value: undefined });
});
