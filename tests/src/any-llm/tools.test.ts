import { type ChatCompletion, type ChatCompletionChunk, type Message, type Tool, tool } from '@anyllm/core';
import type { Script } from '@anyllm/simulator';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { models, simulate } from '../simulated.ts';

const weather = tool({
  name: 'weather',
  parameters: z.object({ city: z.string() }),
  execute: ({ city }) => `${city}: 15 °C`,
});
const date = tool({ name: 'date', execute: () => '2026-01-02' });
const call = (name: string, args: object | string) => ({ name, arguments: args });

const cityParameters = { type: 'object', properties: { city: { type: 'string' } } };
/** The same for callers who run them. */
const plainWeather: Tool = { type: 'function', function: { name: 'weather', parameters: cityParameters } };
const plainDate: Tool = { type: 'function', function: { name: 'date' } };

describe.each(models.flatMap((model) => [false, true].map((stream) => ({ model, stream }))))(
  'a loop of the caller, $model, stream: $stream',
  ({ model, stream }) => {
    /** Asks until the model calls nothing more, as programs do that run their tools themselves. */
    async function loop(script: Script, prompt: string) {
      const { client, simulator } = await simulate({ script });
      const messages: Message[] = [{ role: 'user', content: prompt }];
      const made: string[] = [];
      for (;;) {
        const request = { model, messages, tools: [plainWeather, plainDate] };
        const answer: ChatCompletion = stream
          ? await client.completion({ ...request, stream: true }).then((chunks) => chunks.completion())
          : await client.completion(request);
        const [choice] = answer.choices;
        if (!choice) throw new Error('no choice');
        if (!choice.message.tool_calls) return { text: answer.text, made, asked: simulator.requests, messages };
        expect(choice.finish_reason).toBe('tool_calls');
        messages.push(choice.message);
        for (const each of choice.message.tool_calls) {
          if (each.type !== 'function') throw new Error('a custom call');
          const { name, arguments: given } = each.function;
          made.push(`${name} ${given}`);
          const content = name === 'date' ? '2026-01-02' : `${JSON.parse(given).city}: 15 °C`;
          messages.push({ role: 'tool', tool_call_id: each.id, content, name } as Message);
        }
      }
    }

    test('answers calls that come together', async () => {
      const together = { toolCalls: [call('weather', { city: 'Paris' }), call('weather', { city: 'London' })] };
      const { text, made, asked } = await loop([together, { text: 'Both have 15 °C.' }], 'Paris and London?');
      expect(text).toBe('Both have 15 °C.');
      expect(made).toEqual(['weather {"city":"Paris"}', 'weather {"city":"London"}']);
      expect(asked).toHaveLength(2);
    });

    test('answers calls one after another', async () => {
      const steps = [{ toolCalls: [call('date', {})] }, { toolCalls: [call('weather', { city: 'Paris' })] }];
      const { text, made, asked, messages } = await loop([...steps, { text: 'It is sunny.' }], 'Today in Paris?');
      expect(text).toBe('It is sunny.');
      expect(made).toEqual(['date {}', 'weather {"city":"Paris"}']);
      expect(asked).toHaveLength(3);
      expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'assistant', 'tool']);
    });
  },
);

describe.each(models)('a streamed call, %s', (model) => {
  test('has one index and one id from its first piece to its last', async () => {
    const toolCalls = ['Rome', 'Oslo', 'Paris'].map((city) => call('weather', { city }));
    const { client } = await simulate({ script: { toolCalls, toolCallFragments: 4, wire: { chunkBytes: 'random' } } });
    const calls = new Map<number, { ids: Set<string>; text: string }>();
    for await (const { choices } of await client.completion({
      model,
      prompt: 'Hi',
      tools: [plainWeather],
      stream: true,
    })) {
      for (const piece of choices[0]?.delta.tool_calls ?? []) {
        const known = calls.get(piece.index) ?? { ids: new Set(), text: '' };
        if (piece.id) known.ids.add(piece.id);
        if (piece.type !== 'custom') known.text += piece.function?.arguments ?? '';
        calls.set(piece.index, known);
      }
    }
    expect([...calls.keys()]).toEqual([0, 1, 2]);
    expect([...calls.values()].map(({ text }) => JSON.parse(text).city)).toEqual(['Rome', 'Oslo', 'Paris']);
    expect(new Set([...calls.values()].flatMap(({ ids }) => [...ids])).size).toBe(3);
    expect([...calls.values()].map(({ ids }) => ids.size)).toEqual([1, 1, 1]);
  });
});

test('pieces of several calls may come in turn', async () => {
  const piece = (index: number, text: string, first?: object) => ({
    index,
    ...first,
    function: { ...(first && { name: 'weather' }), arguments: text },
  });
  const chunk = (...tool_calls: object[]) => ({ id: 'c', model: 'm', choices: [{ index: 0, delta: { tool_calls } }] });
  const events = [
    chunk(piece(0, '{"ci', { id: 'call_a', type: 'function' })),
    chunk(piece(1, '', { id: 'call_b', type: 'function' })),
    chunk(piece(1, '{"city":'), piece(0, 'ty":"Ro')),
    chunk(piece(0, 'me"}')),
    chunk(piece(1, '"Oslo"}')),
    { id: 'c', model: 'm', choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] },
    '[DONE]',
  ];
  const { client } = await simulate({ script: { events } });
  const stream = await client.completion({ model: 'openai/gpt-4o', prompt: 'Hi', tools: [plainWeather], stream: true });
  expect((await stream.completion()).choices[0]?.message.tool_calls).toEqual([
    { id: 'call_a', type: 'function', function: { name: 'weather', arguments: '{"city":"Rome"}' } },
    { id: 'call_b', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } },
  ]);
});

test('Ollama may send each of its calls in a line of its own, and they stay apart', async () => {
  const line = (message: object, end: object) => ({ model: 'llama3', created_at: '2026-01-02T03:04:05Z', message: { role: 'assistant', content: '', ...message }, ...end }); // biome-ignore format: one line
  const queries = ['diodes', 'amplifiers', 'followers'];
  const called = queries.map((query) => ({ tool_calls: [{ function: { name: 'find', arguments: { query } } }] }));
  const events = [...called.map((each) => line(each, { done: false })), line({}, { done: true, done_reason: 'stop' })];
  const { client } = await simulate({ script: { events } });
  const chunks: ChatCompletionChunk[] = [];
  const stream = await client.completion({ model: 'ollama/llama3', prompt: 'Hi', tools: [plainWeather], stream: true });
  for await (const chunk of stream) chunks.push(chunk);
  const pieces = chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []);
  expect(pieces.map(({ index }) => index)).toEqual([0, 1, 2]);
  expect(new Set(pieces.map(({ id }) => id)).size).toBe(3);
  expect(chunks.at(-1)?.choices[0]?.finish_reason ?? chunks.at(-2)?.choices[0]?.finish_reason).toBe('tool_calls');
});

describe('a tool that takes nothing', () => {
  test.each<[string, string]>([
    ['an argument that it does not have', '{"result":"2026-01-01"}'],
    ['an empty text', ''],
    ['an empty object', '{}'],
  ])('runs when it is called with %s', async (_, given) => {
    const script = [{ toolCalls: [call('date', given)] }, { text: 'Friday' }];
    const { client } = await simulate({ script });
    const { steps, text } = await client.runTools({ model: 'openai/gpt-4o', prompt: 'Day?' }, { tools: [date] });
    expect(steps[0]?.results[0]).toMatchObject({ status: 'fulfilled', message: { content: '2026-01-02' } });
    expect(text).toBe('Friday');
  });
});

test('an argument that a tool does not have is left out, the others are kept', async () => {
  const script = [{ toolCalls: [call('weather', { city: 'Paris', unit: 'celsius' })] }, { text: '15' }];
  const { client } = await simulate({ script });
  const { steps } = await client.runTools({ model: 'openai/gpt-4o', prompt: 'Paris?' }, { tools: [weather] });
  expect(steps[0]?.results[0]?.message.content).toBe('Paris: 15 °C');
});
