import {
  createClient,
  InvalidRequestError,
  RateLimitError,
  type ResponsesEvent,
  StreamInterruptedError,
  TimeoutError,
} from '@anyllm/core';
import { defineProvider } from '@anyllm/core/provider';
import type { Reply } from '@anyllm/simulator';
import { describe, expect, test } from 'vitest';
import { failure, models, simulate } from './simulated.ts';

const tokens = ['one ', 'two ', 'three'];

async function open(model: string, script: Reply, options = {}) {
  const { client } = await simulate({ script });
  return client.responses({ input: 'Hello', model: model as never, stream: true }, options);
}

async function collect(events: AsyncIterable<ResponsesEvent>): Promise<ResponsesEvent[]> {
  const all: ResponsesEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

describe.each(models)('%s', (model) => {
  test.each<[string, Reply['fault']]>([
    ['cut', { kind: 'cut', atToken: 2, by: 'rst' }],
    ['ended in good order', { kind: 'cut', atToken: 2, by: 'end' }],
    ['ended by an error event', { kind: 'error-event', atToken: 2, error: { message: 'out of luck' } }],
  ])('a stream that is %s throws with the response so far, and so does the whole', async (_, fault) => {
    const stream = await open(model, { tokens, latency: { tokenMs: 5 }, ...(fault && { fault }) });
    const error = (await failure(collect(stream))) as StreamInterruptedError;
    expect(error).toBeInstanceOf(StreamInterruptedError);
    expect(error.partialResponse).toMatchObject({
      object: 'response',
      status: 'incomplete',
      incomplete_details: null,
      output: [
        {
          type: 'message',
          status: 'incomplete',
          content: [{ type: 'output_text', text: 'one two ', annotations: [] }],
        },
      ],
      output_text: 'one two ',
      meta: { provider: error.provider },
    });
    expect(error.partialResponse?.id).not.toBe('');
    expect(error.partial).toBeUndefined();
    expect(await failure(stream.response())).toBe(error);
  });

  test('a time limit throws with the response so far, and is not to be retried', async () => {
    const stream = await open(model, { tokens, fault: { kind: 'stall', atToken: 1 } }, { timeout: { idle: 60 } });
    const error = (await failure(stream.response())) as TimeoutError;
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ phase: 'idle', retryable: false });
    expect(error.partialResponse?.output_text).toBe('one ');
  });

  test('after leaving, the whole rejects with what had been read', async () => {
    const stream = await open(model, { tokens, latency: { tokenMs: 20 } });
    for await (const { type } of stream) if (type === 'response.output_text.delta') break;
    const error = (await failure(stream.response())) as StreamInterruptedError;
    expect(error).toBeInstanceOf(StreamInterruptedError);
    expect(error.message).toMatch(/^\w+: the stream was closed by its consumer before its end$/);
    expect(error.partialResponse?.output_text).toBe('one ');
  });

  test('the whole waits for who reads the events, and there is one reader', async () => {
    const stream = await open(model, { tokens, latency: { tokenMs: 5 } });
    const whole = stream.response();
    expect(await failure(collect(stream))).toBeInstanceOf(InvalidRequestError);
    expect((await whole).output_text).toBe('one two three');
    const read = await open(model, { tokens, latency: { tokenMs: 5 } });
    const [events, response] = await Promise.all([collect(read), read.response()]);
    expect(events.at(-1)?.type).toBe('response.completed');
    expect(response.output_text).toBe('one two three');
  });
});

describe('a native response that failed', () => {
  const model = 'openai/gpt-4o';
  const created = { type: 'response.created', response: { id: 'r', status: 'in_progress', output: [], model: 'm' } };
  const failed = {
    type: 'response.failed',
    response: { id: 'r', status: 'failed', output: [], error: { code: 'rate_limit_exceeded', message: 'No.' } },
  };
  const text = (delta: string, at = 0) => ({
    ...{ type: 'response.output_text.delta', item_id: 'm', output_index: at, content_index: 0 },
    delta,
  });

  test('has what had come, with the failure as the cause', async () => {
    const reasoning = { type: 'reasoning', id: 'rs', summary: [{ type: 'summary_text', text: 'Hm.' }] };
    const call = { type: 'function_call', id: 'fc', call_id: 'c', name: 'f', arguments: '' };
    const hosted = { type: 'web_search_call', id: 'ws', status: 'in_progress' };
    const events = [
      created,
      { type: 'response.output_item.added', output_index: 0, item: { ...reasoning, summary: [] } },
      { type: 'response.output_item.done', output_index: 0, item: reasoning },
      { type: 'response.output_item.added', output_index: 1, item: hosted },
      { type: 'response.output_item.added', output_index: 2, item: call },
      { type: 'response.function_call_arguments.delta', item_id: 'fc', output_index: 2, delta: '{"a' },
      failed,
    ];
    const error = (await failure((await open(model, { events })).response())) as StreamInterruptedError;
    expect(error.cause).toBeInstanceOf(RateLimitError);
    expect(error.partialResponse).toMatchObject({ id: 'r', model: 'm', status: 'incomplete', error: null });
    expect(error.partialResponse?.output).toEqual([
      reasoning,
      { ...hosted, status: 'incomplete' },
      { ...call, arguments: '{"a', status: 'incomplete' },
    ]);
  });

  test('keeps text that was never announced as an item', async () => {
    const error = await failure((await open(model, { events: [text('Hi'), text(' there'), failed] })).response());
    expect(error).toMatchObject({ partialResponse: { id: '', status: 'incomplete', output_text: 'Hi there' } });
  });
});

test('an event that is none is an error of the stream, and not of the process', async () => {
  const provider = defineProvider({
    id: 'broken',
    complete: () => Promise.reject(new Error('not asked')),
    stream: () => [] as never,
    async *streamResponse() {
      yield { type: 'response.audio.delta' };
      yield [{ type: 'response.audio.delta' }, null as never];
    },
  });
  const client = createClient({ providers: [provider] });
  const stream = await client.responses({ model: 'broken/x', input: 'Hello', stream: true });
  const events = stream[Symbol.asyncIterator]();
  const [, second, third] = await Promise.allSettled([events.next(), events.next(), events.next()]);
  expect(second).toMatchObject({ status: 'fulfilled', value: { done: false } });
  const bug = { code: 'provider', message: expect.stringContaining('bug') };
  expect(third).toMatchObject({ status: 'rejected', reason: { code: 'stream_interrupted', cause: bug } });
});
