import type { CompletionRequest } from '@anyllm/core';
import { describe, expect, test } from 'vitest';
import { models, simulate } from '../simulated.ts';

type Model = (typeof models)[number];
type Request = Omit<Partial<CompletionRequest>, 'stream' | 'model'>;
type Body = Record<string, unknown>;

const weather = {
  type: 'function' as const,
  function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
};
const ways = models.flatMap((model) => [
  { model, stream: false },
  { model, stream: true },
]);

/** What the server is sent. */
async function sentFor(model: string, request: Request = {}, stream = false): Promise<Body> {
  const { client, simulator } = await simulate();
  const messages = [{ role: 'user' as const, content: 'Hi' }];
  const answer = await client.completion({
    messages,
    ...request,
    model: model as Model,
    stream,
  } as CompletionRequest & {
    model: Model;
  });
  if ('completion' in answer) await answer.completion();
  return simulator.requests[0]?.body as Body;
}

test.each([
  ['openai:gpt-4o', 'gpt-4o'],
  ['openai/gpt-4o', 'gpt-4o'],
  ['openai:ft:gpt-4o:acme', 'ft:gpt-4o:acme'],
  ['openai/team/gpt-4o', 'team/gpt-4o'],
  ['mistral:mistral-small-latest', 'mistral-small-latest'],
  ['mistral/mistral-small-latest', 'mistral-small-latest'],
  ['ollama:llama3:8b', 'llama3:8b'],
  ['ollama/llama3:8b', 'llama3:8b'],
  ['ollama/hf.co/acme/llama:q4', 'hf.co/acme/llama:q4'],
])('%s asks the vendor for %s', async (model, own) => {
  expect((await sentFor(model)).model).toBe(own);
});

describe.each(ways)('$model, stream: $stream', ({ model, stream }) => {
  const names: Record<Model, Record<string, string>> = {
    'openai/gpt-4o': { bound: 'max_completion_tokens' },
    'mistral/mistral-small-latest': { seed: 'random_seed', bound: 'max_tokens' },
    'ollama/llama3': { bound: 'num_predict' },
  };
  const read = (body: Body, name: string) => {
    const own = (body.options ?? body) as Body;
    return own[names[model][name] ?? name];
  };

  test.each(['temperature', 'top_p', 'seed', 'frequency_penalty', 'presence_penalty'])(
    'a %s of 0 is a value like any other',
    async (name) => {
      expect(read(await sentFor(model, { [name]: 0 }, stream), name)).toBe(0);
    },
  );

  test.each([
    [{ max_tokens: 101 }, 101],
    [{ max_completion_tokens: 202 }, 202],
    [{ max_tokens: 101, max_completion_tokens: 202 }, 202],
    [{}, undefined],
  ])('a bound of %j is sent once, under the name that the vendor has', async (bounds, expected) => {
    const body = await sentFor(model, bounds, stream);
    expect(read(body, 'bound')).toBe(expected);
    const sent = JSON.stringify(body).match(/max_tokens|max_completion_tokens|num_predict/g) ?? [];
    expect(sent).toHaveLength(expected === undefined ? 0 : 1);
  });
});

test.each(models)('%s is asked the same for a stream as for a whole answer', async (model) => {
  const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
  const requests: Request[] = [
    { tools: [weather], tool_choice: 'auto' },
    { response_format: { type: 'json_object' }, messages: [{ role: 'user', content: 'Answer in JSON.' }] },
    { response_format: { type: 'json_schema', json_schema: { name: 'city', schema } } },
    { stop: ['x'], max_tokens: 5, temperature: 0.5, messages: [{ role: 'system', content: 's' }, { role: 'user', content: 'Hi' }] }, // biome-ignore format: one line
  ];
  for (const request of requests) {
    const { stream: _, ...whole } = await sentFor(model, request);
    const { stream, stream_options: __, ...streamed } = await sentFor(model, request, true);
    expect(stream).toBe(true);
    expect(streamed).toEqual(whole);
  }
});
