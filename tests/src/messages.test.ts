import {
  createClient,
  InvalidRequestError,
  type MessagesEvent,
  RateLimitError,
  TimeoutError,
  UnsupportedParameterError,
} from '@anyllm/core';
import { createOpenAI } from '@anyllm/provider-openai';
import type { Reply } from '@anyllm/simulator';
import { describe, expect, test } from 'vitest';
import { eventually, failure, models, simulate } from './simulated.ts';

const ask = { max_tokens: 200, messages: [{ role: 'user' as const, content: 'Hello' }] };
const weather = {
  name: 'get_weather',
  input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

async function collect(events: AsyncIterable<MessagesEvent>): Promise<MessagesEvent[]> {
  const all: MessagesEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

describe.each(models)('%s', (model) => {
  test('answers as a message, with usage and an account of the call', async () => {
    const { client } = await simulate({ script: { text: 'Hi there.', usage: { prompt: 12, completion: 3 } } });
    const answer = await client.messages({ ...ask, model, system: 'Be brief.' });
    expect(answer).toMatchObject({
      type: 'message',
      role: 'assistant',
      content: [{ type: 'text', text: 'Hi there.' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: { input_tokens: 12, output_tokens: 3 },
    });
    expect(answer.meta.attempts).toHaveLength(1);
  });

  test('streams the same message as it answers whole', async () => {
    const script: Reply = { text: 'Hi there, you.', usage: { prompt: 12, completion: 3 } };
    const { client } = await simulate({ script });
    const whole = await client.messages({ ...ask, model });
    const stream = await client.messages({ ...ask, model, stream: true });
    const events = await collect(stream);
    const message = await stream.message();
    expect(events[0]?.type).toBe('message_start');
    expect(events.at(-1)).toEqual({ type: 'message_stop' });
    const { id, content, stop_reason, usage } = whole;
    expect(message).toMatchObject({ content, stop_reason, usage });
    expect(id).not.toBe('');
    expect(message.meta.firstTokenMs).toBeGreaterThan(0);
  });

  test('calls tools, and takes the results back', async () => {
    const { client, simulator } = await simulate({
      script: [{ toolCalls: [{ name: 'get_weather', arguments: { city: 'Oslo' } }] }, { text: '4 degrees.' }],
    });
    const request = { ...ask, model, tools: [weather] };
    const first = await (await client.messages({ ...request, stream: true })).message();
    expect(first.stop_reason).toBe('tool_use');
    const call = first.content.find((block) => block.type === 'tool_use');
    expect(call).toMatchObject({ name: 'get_weather', input: { city: 'Oslo' } });
    const second = await client.messages({
      ...request,
      messages: [
        ...ask.messages,
        { role: 'assistant', content: first.content },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: call?.id ?? '', content: '4' }] },
      ],
    });
    expect(second.content).toEqual([{ type: 'text', text: '4 degrees.' }]);
    const sent = simulator.requests[1]?.body?.messages as { role: string }[];
    expect(sent.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool']);
  });

  test('leaving a stream closes its socket', async () => {
    const { client, simulator } = await simulate({ script: { text: 'word '.repeat(500), latency: { tokenMs: 5 } } });
    const stream = await client.messages({ ...ask, model, stream: true });
    for await (const { type } of stream) if (type === 'content_block_delta') break;
    await eventually(() => simulator.requests[0]?.aborted === true);
  });
});

describe('under the policy of the client', () => {
  const model = 'openai/gpt-4o';

  test('a rate limit is retried, and is an error of its class without retries', async () => {
    const { client, simulator } = await simulate({ script: [{ status: 429, headers: { 'retry-after-ms': '1' } }] });
    const answer = await client.messages({ ...ask, model }, { retries: 1 });
    expect(answer.meta.attempts.map(({ status }) => status)).toEqual([429, 200]);
    simulator.script([{ status: 429 }]);
    expect(await failure(client.messages({ ...ask, model, stream: true }))).toBeInstanceOf(RateLimitError);
  });

  test('a deadline holds, also for a stream that stalls', async () => {
    const { client, simulator } = await simulate({ script: { text: 'one two', fault: { kind: 'stall', atToken: 1 } } });
    const stream = await client.messages({ ...ask, model, stream: true }, { timeout: 200 });
    expect(await failure(collect(stream))).toBeInstanceOf(TimeoutError);
    await eventually(() => simulator.sockets.open === 0);
    expect(await failure(client.messages({ ...ask, model }, { timeout: 100 }))).toBeInstanceOf(TimeoutError);
  });

  test('an abort rejects with the reason, and closes the socket', async () => {
    const { client, simulator } = await simulate({ script: { fault: { kind: 'silence' } } });
    const controller = new AbortController();
    const pending = failure(client.messages({ ...ask, model }, { signal: controller.signal }));
    await simulator.waitFor(1);
    const reason = new Error('enough');
    controller.abort(reason);
    expect(await pending).toBe(reason);
    await eventually(() => simulator.sockets.open === 0);
  });

  test('a reader that pauses holds up the sender', async () => {
    const text = 'x'.repeat(400);
    const { client, simulator } = await simulate({ script: { tokens: Array.from({ length: 60_000 }, () => text) } });
    await using stream = await client.messages({ ...ask, model, stream: true });
    let sent = 0;
    await eventually(() => {
      const before = sent;
      sent = simulator.requests[0]?.bytesSent ?? 0;
      return sent > 0 && sent === before;
    });
    expect(sent).toBeLessThan(20_000_000); // of 30 million
    expect(stream.meta.attempts).toHaveLength(0);
  });

  test('another provider steps in, and is asked in its own way', async () => {
    const { client, simulator } = await simulate({ script: [{ status: 500 }, { text: 'Hi.' }] });
    const answer = await client.messages({ ...ask, model: [model, 'ollama/llama3'] });
    expect(answer.meta).toMatchObject({ provider: 'ollama', model: 'llama3' });
    expect(simulator.requests.map(({ dialect }) => dialect)).toEqual(['openai', 'ollama']);
  });

  test('what was used is paid for, what was cached at its own price', async () => {
    const { simulator } = await simulate({ script: { text: 'Hi.', usage: { prompt: 12, completion: 3, cached: 4 } } });
    const client = createClient({
      providers: [createOpenAI({ baseURL: simulator.baseURL.openai, apiKey: 'key' })],
      prices: { 'openai/*': { input: 1_000_000, cachedInput: 500_000, output: 2_000_000 } },
    });
    expect((await client.messages({ ...ask, model })).meta.cost).toBe(8 + 2 + 6);
    const stream = await client.messages({ ...ask, model, stream: true });
    expect((await stream.message()).meta.cost).toBe(16);
    expect((await client.responses({ input: 'Hello', model })).meta.cost).toBe(16);
    const response = await client.responses({ input: 'Hello', model, stream: true });
    expect((await response.response()).meta.cost).toBe(16);
  });

  test('many calls at once do not mix', async () => {
    const { client } = await simulate({
      script: ({ body }) => ({ text: `re ${(body?.messages as { content: string }[] | undefined)?.[0]?.content}` }),
    });
    const answers = await Promise.all(
      Array.from({ length: 30 }, async (_, at) => {
        const messages = [{ role: 'user' as const, content: `question ${at}` }];
        const stream = await client.messages({ ...ask, messages, model, stream: true });
        return (await stream.message()).content;
      }),
    );
    expect(answers).toEqual(answers.map((_, at) => [{ type: 'text', text: `re question ${at}` }]));
  });
});

describe('what cannot be done', () => {
  test('is refused with the path of the wrong field, before the network', async () => {
    const { client, simulator } = await simulate();
    const wrong: [object, string][] = [
      [{ max_tokens: undefined }, 'max_tokens'],
      [{ max_tokens: 0 }, 'max_tokens'],
      [{ messages: [] }, 'messages'],
      [{ messages: [{ role: 'user', content: [{ type: 'text' }] }] }, 'messages[0].content[0].text'],
      [
        { messages: [{ role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'f', input: 1 }] }] },
        'messages[0].content[0].input',
      ],
      [{ temperature: 1.5 }, 'temperature'],
      [{ tools: [{ name: 'f' }] }, 'tools[0].input_schema'],
      [{ thinking: { type: 'enabled', budget_tokens: 10 } }, 'thinking.budget_tokens'],
      [{ maxTokens: 5 }, 'maxTokens'],
    ];
    for (const [fields, path] of wrong) {
      const error = await failure(client.messages({ ...ask, model: 'openai/gpt-4o', ...fields } as never));
      expect(error, path).toBeInstanceOf(InvalidRequestError);
      expect(error).toMatchObject({ path });
    }
    expect(simulator.requests).toEqual([]);
  });

  test('of a provider is refused before the network', async () => {
    const { client, simulator } = await simulate();
    const image = { type: 'image' as const, source: { type: 'url' as const, url: 'https://a.example/x.png' } };
    const error = await failure(
      client.messages({ ...ask, model: 'ollama/llama3', messages: [{ role: 'user', content: [image] }] }),
    );
    expect(error).toBeInstanceOf(UnsupportedParameterError);
    expect(simulator.requests).toEqual([]);
  });

  test('is a warning where it only tunes, and an error where the caller wants that', async () => {
    const { client, simulator } = await simulate();
    const request = {
      ...ask,
      model: 'openai/gpt-4o',
      top_k: 5,
      cache_control: { type: 'ephemeral' as const },
    } as const;
    const { meta } = await client.messages(request);
    expect(meta.warnings.map(({ parameter }) => parameter)).toEqual(['cache_control', 'top_k']);
    const error = await failure(client.messages(request, { unsupported: 'error' }));
    expect(error).toBeInstanceOf(UnsupportedParameterError);
    expect(simulator.requests).toHaveLength(1);
  });
});
