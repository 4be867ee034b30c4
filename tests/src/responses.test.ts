import {
  ContextLengthExceededError,
  createClient,
  InvalidRequestError,
  ProviderError,
  QuotaExceededError,
  RateLimitError,
  ResponseParseError,
  type ResponsesEvent,
  StreamInterruptedError,
  TimeoutError,
  UnsupportedParameterError,
} from '@anyllm/core';
import { createVendor } from '@anyllm/provider-openai-compatible';
import type { Reply } from '@anyllm/simulator';
import { describe, expect, test } from 'vitest';
import { eventually, failure, models, simulate } from './simulated.ts';

const ask = { input: 'Hello' };
const weather = {
  type: 'function' as const,
  name: 'get_weather',
  parameters: { type: 'object', properties: { city: { type: 'string' } } },
  strict: false,
};

async function collect(events: AsyncIterable<ResponsesEvent>): Promise<ResponsesEvent[]> {
  const all: ResponsesEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

describe.each(models)('%s', (model) => {
  test('answers as a response, with usage and an account of the call', async () => {
    const { client } = await simulate({ script: { text: 'Hi there.', usage: { prompt: 12, completion: 3 } } });
    const answer = await client.responses({ ...ask, model, instructions: 'Be brief.' });
    expect(answer).toMatchObject({
      object: 'response',
      status: 'completed',
      output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Hi there.' }] }],
      output_text: 'Hi there.',
      usage: { input_tokens: 12, output_tokens: 3, total_tokens: 15 },
    });
    expect(answer.meta.attempts).toHaveLength(1);
  });

  test('streams the same response as it answers whole', async () => {
    const { client } = await simulate({ script: { text: 'Hi there, you.', usage: { prompt: 12, completion: 3 } } });
    const whole = await client.responses({ ...ask, model });
    const stream = await client.responses({ ...ask, model, stream: true });
    const events = await collect(stream);
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, at) => at));
    expect(events[0]?.type).toBe('response.created');
    expect(events.at(-1)?.type).toBe('response.completed');
    const response = await stream.response();
    expect(response).toMatchObject({ output_text: whole.output_text, usage: whole.usage, status: whole.status });
    expect(response.meta.firstTokenMs).toBeGreaterThan(0);
  });

  test('calls tools, and takes its output and the results back unchanged', async () => {
    const { client, simulator } = await simulate({
      script: [
        { reasoning: 'A tool.', toolCalls: [{ name: 'get_weather', arguments: { city: 'Oslo' } }] },
        { text: '4 degrees.' },
      ],
    });
    const first = await (await client.responses({ ...ask, model, tools: [weather], stream: true })).response();
    const call = first.output.find((item) => item.type === 'function_call');
    expect(call).toMatchObject({ name: 'get_weather', arguments: '{"city":"Oslo"}' });
    const output = { type: 'function_call_output' as const, call_id: call?.call_id ?? '', output: '4' };
    const input = [{ role: 'user' as const, content: 'Hello' }, ...first.output, output];
    const second = await client.responses({ model, tools: [weather], input });
    expect(second.output_text).toBe('4 degrees.');
    expect(simulator.requests).toHaveLength(2);
  });

  test('leaving a stream closes its socket', async () => {
    const { client, simulator } = await simulate({ script: { text: 'word '.repeat(500), latency: { tokenMs: 5 } } });
    const stream = await client.responses({ ...ask, model, stream: true });
    for await (const { type } of stream) if (type === 'response.output_text.delta') break;
    await eventually(() => simulator.requests[0]?.aborted === true);
  });
});

const model = 'openai/gpt-4o';

describe('native', () => {
  test('what is asked and answered goes through as it is', async () => {
    const { client, simulator } = await simulate({ script: { text: 'Hi.' } });
    const input = [
      { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search', query: 'x' } },
      { role: 'user' as const, content: 'Hello' },
    ];
    const provider_options = { openai: { safety_identifier: 'u' }, mistral: { safe_prompt: true } };
    await client.responses({ model, input, tools: [{ type: 'web_search' }], store: false, provider_options });
    expect(simulator.requests[0]?.path).toBe('/openai/v1/responses');
    expect(simulator.requests[0]?.body).toEqual({
      model: 'gpt-4o',
      input,
      tools: [{ type: 'web_search' }],
      store: false,
      safety_identifier: 'u',
    });
  });

  test('items and events of types that are not known arrive', async () => {
    const output = [{ type: 'hologram_call', id: 'h_1', beams: 3 }];
    const response = { id: 'resp_1', status: 'completed', model: 'm', output, created_at: 1.5, extra: true };
    const events = [
      { type: 'response.hologram_call.beam', beam: 1 },
      { type: 'response.completed', response },
    ];
    const { client, simulator } = await simulate({ script: [{ body: response }, { events }] });
    expect(await client.responses({ ...ask, model })).toMatchObject({
      output,
      extra: true,
      created_at: 1,
      output_text: '',
    });
    const seen = await collect(await client.responses({ ...ask, model, stream: true }));
    expect(seen).toMatchObject([{ type: 'response.hologram_call.beam', beam: 1 }, { response: { output } }]);
    expect(simulator.requests).toHaveLength(2);
  });

  test.each<[string, Reply['events']]>([
    ['a keep-alive', [{ type: 'keepalive', sequence_number: 0 }]],
    ['an end mark', ['[DONE]']],
  ])('%s is passed over', async (_, noise) => {
    const done = { type: 'response.completed', response: { id: 'r', status: 'completed', output: [] } };
    const { client } = await simulate({ script: { events: [...(noise ?? []), done] } });
    const events = await collect(await client.responses({ ...ask, model, stream: true }));
    expect(events.map(({ type }) => type)).toEqual(['response.completed']);
  });

  test('an output that the last event leaves empty is put together from the items', async () => {
    const item = {
      type: 'message',
      id: 'm',
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text: 'Hi', annotations: [] }],
    };
    const events = [
      { type: 'response.output_item.done', output_index: 0, item },
      { type: 'response.completed', response: { id: 'r', status: 'completed', output: [] } },
    ];
    const { client } = await simulate({ script: { events } });
    const answer = await (await client.responses({ ...ask, model, stream: true })).response();
    expect(answer.output_text).toBe('Hi');
  });

  test('a server that does not stream answers with the last event', async () => {
    const { client } = await simulate({
      script: {
        body: { id: 'r', status: 'incomplete', output: [], incomplete_details: { reason: 'max_output_tokens' } },
      },
    });
    const events = await collect(await client.responses({ ...ask, model, stream: true }));
    expect(events).toMatchObject([{ type: 'response.incomplete', response: { id: 'r' } }]);
  });

  test('any cut of the bytes gives the same events', async () => {
    const reply: Reply = {
      reasoning: 'Hm.',
      text: 'Größe 😀 — fine.',
      toolCalls: [{ name: 'f', arguments: { x: 'ü' } }],
    };
    const seen: unknown[] = [];
    for (const wire of [
      {},
      { chunkBytes: 1 },
      { chunkBytes: 'random' },
      { eventsPerPacket: 50 },
      { newline: '\r\n', comments: true },
      { newline: '\r', chunkBytes: 7 },
    ] as Reply['wire'][]) {
      const { client } = await simulate({ script: { ...reply, ...(wire && { wire }) }, seed: 5 });
      const events = await collect(await client.responses({ ...ask, model, stream: true }));
      seen.push(JSON.stringify(events).replaceAll(/_at":\d+|_[0-9a-f]{48}|call_\w{24}/g, ''));
    }
    expect(new Set(seen).size).toBe(1);
  });

  test('vendors that have it are asked there, others over chat', async () => {
    const { simulator } = await simulate();
    const settings = { baseURL: simulator.baseURL.openai, apiKey: 'key' };
    const client = createClient({
      providers: [createVendor('openrouter', settings), createVendor('deepseek', settings)],
    });
    await client.responses({ ...ask, model: 'openrouter/m' });
    await client.responses({ ...ask, model: 'deepseek/m' });
    expect(simulator.requests.map(({ path }) => path)).toEqual(['/openai/v1/responses', '/openai/v1/chat/completions']);
  });
});

describe('failures', () => {
  const failed = (code: string) => ({
    type: 'response.failed',
    response: { id: 'r', status: 'failed', output: [], error: { code, message: 'No.' } },
  });
  const started = { type: 'response.created', response: { id: 'r', status: 'in_progress', output: [] } };
  const delta = { type: 'response.output_text.delta', item_id: 'm', output_index: 0, content_index: 0, delta: 'Hi' };

  test.each([
    ['a flat error event', { type: 'error', code: 'rate_limit_exceeded', message: 'Slow down.' }, RateLimitError],
    [
      'a nested one',
      { type: 'error', error: { type: 'insufficient_quota', code: 'insufficient_quota', message: 'Pay.' } },
      QuotaExceededError,
    ],
    [
      'one in the way of chat',
      { error: { code: 'context_length_exceeded', message: 'exceeds the context window' } },
      ContextLengthExceededError,
    ],
    ['a response that failed', failed('server_error'), ProviderError],
  ])('%s in place of content is the error of its class', async (_, event, Class) => {
    const { client } = await simulate({ script: { events: [started, event] } });
    expect(await failure(client.responses({ ...ask, model, stream: true }))).toBeInstanceOf(Class);
  });

  test('after content, the stream is interrupted', async () => {
    const { client } = await simulate({ script: { events: [started, delta, failed('rate_limit_exceeded')] } });
    const error = await failure(collect(await client.responses({ ...ask, model, stream: true })));
    expect(error).toBeInstanceOf(StreamInterruptedError);
    expect((error as StreamInterruptedError).cause).toBeInstanceOf(RateLimitError);
  });

  test('a failure before content is retried', async () => {
    const { client } = await simulate({ script: [{ events: [started, failed('server_error')] }, { text: 'Hi.' }] });
    const stream = await client.responses({ ...ask, model, stream: true }, { retries: { attempts: 2, baseMs: 1 } });
    expect((await stream.response()).output_text).toBe('Hi.');
    expect(stream.meta.attempts).toHaveLength(2);
  });

  test.each<[string, Reply, new (...args: never[]) => Error]>([
    ['a whole response that failed', { body: failed('rate_limit_exceeded').response }, RateLimitError],
    ['one that was cancelled', { body: { id: 'r', status: 'cancelled', output: [] } }, ProviderError],
    ['a body without output', { body: { id: 'r' } }, ResponseParseError],
    ['a list', { body: [] }, ResponseParseError],
    ['an empty body', { fault: { kind: 'empty-body' } }, ResponseParseError],
    ['a web page', { fault: { kind: 'html' } }, ResponseParseError],
    ['half of the JSON', { fault: { kind: 'truncated-json' } }, ResponseParseError],
    ['an error under status 200', { fault: { kind: 'error-event', atToken: 0 } }, ProviderError],
    ['a rate limit', { status: 429 }, RateLimitError],
  ])('%s is an error', async (_, reply, Class) => {
    const { client } = await simulate({ script: reply });
    const error = await failure(client.responses({ ...ask, model }));
    expect(error).toBeInstanceOf(Class);
    expect((error as Error).message).toMatch(/^openai: /);
  });

  test.each<[string, Reply, new (...args: never[]) => Error]>([
    ['an empty body', { fault: { kind: 'empty-body' } }, ResponseParseError],
    ['a web page', { fault: { kind: 'html' } }, ResponseParseError],
    ['an event that is not JSON', { text: 'Hi.', fault: { kind: 'malformed-event', atToken: 0 } }, ResponseParseError],
  ])('a stream that is %s is an error', async (_, reply, Class) => {
    const { client } = await simulate({ script: reply });
    expect(await failure(client.responses({ ...ask, model, stream: true }))).toBeInstanceOf(Class);
  });

  test.each(['no-terminator', 'no-finish', 'truncated-json'] as const)(
    'a stream with the fault %s is interrupted',
    async (kind) => {
      const { client } = await simulate({ script: { text: 'one two', fault: { kind } } });
      const stream = await client.responses({ ...ask, model, stream: true });
      expect(await failure(collect(stream))).toBeInstanceOf(StreamInterruptedError);
    },
  );
});

describe('under the policy of the client', () => {
  test('a deadline holds, also for a stream that stalls', async () => {
    const { client, simulator } = await simulate({ script: { text: 'one two', fault: { kind: 'stall', atToken: 1 } } });
    const stream = await client.responses({ ...ask, model, stream: true }, { timeout: 200 });
    expect(await failure(collect(stream))).toBeInstanceOf(TimeoutError);
    await eventually(() => simulator.sockets.open === 0);
  });

  test('an abort rejects with the reason, and closes the socket', async () => {
    const { client, simulator } = await simulate({ script: { fault: { kind: 'silence' } } });
    for (const stream of [false, true] as const) {
      const controller = new AbortController();
      const pending = failure(client.responses({ ...ask, model, stream } as never, { signal: controller.signal }));
      await simulator.waitFor(stream ? 2 : 1);
      const reason = new Error('enough');
      controller.abort(reason);
      expect(await pending).toBe(reason);
      await eventually(() => simulator.sockets.open === 0);
    }
  });

  test('a reader that pauses holds up the sender', async () => {
    const tokens = Array.from({ length: 60_000 }, () => 'x'.repeat(400));
    const { client, simulator } = await simulate({ script: { tokens } });
    await using stream = await client.responses({ ...ask, model, stream: true });
    let sent = 0;
    await eventually(() => {
      const before = sent;
      sent = simulator.requests[0]?.bytesSent ?? 0;
      return sent > 0 && sent === before;
    });
    expect(sent).toBeLessThan(20_000_000); // of 35 million
    expect(stream.meta.provider).toBe('openai');
  });

  test('another provider steps in over chat, with what both can do', async () => {
    const { client, simulator } = await simulate({ script: [{ status: 500 }, { text: 'Hi.' }] });
    const answer = await client.responses({ ...ask, model: [model, 'ollama/llama3'] });
    expect(answer).toMatchObject({ output_text: 'Hi.', meta: { provider: 'ollama' } });
    expect(simulator.requests.map(({ path }) => path)).toEqual(['/openai/v1/responses', '/ollama/api/chat']);
  });

  test('many calls at once do not mix', async () => {
    const { client } = await simulate({ script: ({ body }) => ({ text: `re ${body?.input}` }) });
    const answers = await Promise.all(
      Array.from({ length: 30 }, async (_, at) => {
        const stream = await client.responses({ input: `question ${at}`, model, stream: true });
        return (await stream.response()).output_text;
      }),
    );
    expect(answers).toEqual(answers.map((_, at) => `re question ${at}`));
  });
});

describe('what cannot be done', () => {
  test.each<[object, string]>([
    [{ input: undefined }, 'input'],
    [{ input: [] }, 'input'],
    [{ input: [{ role: 'user' }] }, 'input[0].content'],
    [{ input: [{ role: 'tool', content: 'x' }] }, 'input[0].role'],
    [{ input: [{ type: 'function_call', call_id: 'a', name: 'f', arguments: {} }] }, 'input[0].arguments'],
    [{ input: [{ type: 'reasoning' }] }, 'input[0].summary'],
    [{ tools: [{ type: 'function', function: { name: 'f' } }] }, 'tools[0].name'],
    [{ text: { format: { type: 'json_schema', json_schema: {} } } }, 'text.format.name'],
    [{ max_tokens: 5 }, 'max_tokens'],
    [{ max_output_tokens: 0 }, 'max_output_tokens'],
  ])('%j is refused with the path of the wrong field', async (fields, path) => {
    const { client, simulator } = await simulate();
    const error = await failure(client.responses({ ...ask, model, ...fields } as never));
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(error).toMatchObject({ path });
    expect(simulator.requests).toEqual([]);
  });

  test('over chat is refused before the network', async () => {
    const { client, simulator } = await simulate();
    const fields: [object, string][] = [
      [{ previous_response_id: 'resp_1' }, 'previous_response_id'],
      [{ conversation: 'conv_1' }, 'conversation'],
      [{ background: true }, 'background'],
      [{ tools: [{ type: 'web_search' }] }, 'tools[0]'],
    ];
    for (const [field, parameter] of fields) {
      const error = await failure(client.responses({ ...ask, model: 'ollama/llama3', ...field } as never));
      expect(error).toBeInstanceOf(UnsupportedParameterError);
      expect(error).toMatchObject({ parameter });
    }
    expect(simulator.requests).toEqual([]);
  });

  test('is a warning where it only tunes, and an error where the caller wants that', async () => {
    const { client } = await simulate();
    const request = { ...ask, model: 'mistral/mistral-small-latest', store: true } as const;
    expect((await client.responses(request)).meta.warnings).toMatchObject([{ parameter: 'store' }]);
    expect(await failure(client.responses(request, { unsupported: 'error' }))).toBeInstanceOf(
      UnsupportedParameterError,
    );
  });
});
