import type { AnyLLMError, ChatCompletion, ChatCompletionChunk } from '@anyllm/core';
import type { Reply } from '@anyllm/simulator';
import { describe, expect, test } from 'vitest';
import { failure, models, simulate } from '../simulated.ts';

type Model = (typeof models)[number];

const ways = models.flatMap((model) => [
  { model, stream: false },
  { model, stream: true },
]);

async function answerOf(model: Model, script: Reply, stream: boolean): Promise<ChatCompletion> {
  const { client } = await simulate({ script });
  if (!stream) return client.completion({ model, prompt: 'Hi' });
  return (await client.completion({ model, prompt: 'Hi', stream: true })).completion();
}

describe.each(ways)('$model, stream: $stream', ({ model, stream }) => {
  test.each<[Reply, string]>([
    [{ text: 'a' }, 'stop'],
    [{ text: 'a', finishReason: 'length' }, 'length'],
    [{ toolCalls: [{ name: 'f', arguments: {} }] }, 'tool_calls'],
  ])('%j ends for the reason that the vendor gives', async (script, reason) => {
    expect((await answerOf(model, script, stream)).choices[0]?.finish_reason).toBe(reason);
  });

  test('a reason that nobody knows is still told', async () => {
    const [choice] = (await answerOf(model, { text: 'a', finishReason: 'novel' }, stream)).choices;
    expect(choice).toMatchObject({ finish_reason: 'stop', raw_finish_reason: 'novel' });
  });

  test.each<[string, Reply]>([
    ['nothing', { fault: { kind: 'empty-body' } }],
    ['an empty object', { status: 200, body: {} }],
    ['null', { status: 200, body: 'null' }],
    ['fields that are all null', { status: 200, body: { id: null, choices: null, message: null, model: null } }],
  ])('%s under status 200 is a typed error that may be retried', async (_, script) => {
    const error = await failure(answerOf(model, script, stream));
    expect(error).toMatchObject({ retryable: true, provider: model.split('/')[0] });
    // A line of Ollama's that is not the last and is followed by none is the beginning of a stream.
    expect(['response_parse', ...(stream ? ['stream_interrupted'] : [])]).toContain((error as AnyLLMError).code);
  });
});

describe.each([false, true])('usage in the last chunk, with choices: %s', (withChoices) => {
  const usage = { prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 };
  const head = { id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm' };
  const said = (delta: object, finish_reason: string | null) => [{ index: 0, delta, finish_reason }];
  const events = [
    { ...head, choices: said({ role: 'assistant', content: 'Hello' }, null) },
    { ...head, choices: said({}, 'stop'), ...(withChoices && { usage }) },
    ...(withChoices ? [] : [{ ...head, choices: [], usage }]),
    '[DONE]',
  ];

  test.each(['openai/gpt-4o', 'mistral/mistral-small-latest'] as const)('is that of the answer, %s', async (model) => {
    const { client } = await simulate({ script: { events } });
    const stream = await client.completion({ model, prompt: 'Hi', stream: true });
    const chunks: ChatCompletionChunk[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(chunks.flatMap((chunk) => chunk.usage ?? [])).toMatchObject([usage]);
    expect(chunks.flatMap(({ choices }) => choices.map((choice) => choice.finish_reason)).filter(Boolean)).toEqual([
      'stop',
    ]);
    expect(await stream.completion()).toMatchObject({ text: 'Hello', usage });
  });
});

test('a refusal is told as one, and is not read as the JSON that was asked for', async () => {
  const { client } = await simulate({ script: { refusal: 'I will not.' } });
  const response_format = { type: 'json_object' as const };
  const messages = [{ role: 'user' as const, content: 'Answer in JSON.' }];
  const [choice] = (await client.completion({ model: 'openai/gpt-4o', messages, response_format })).choices;
  expect(choice?.message).toMatchObject({ content: null, refusal: 'I will not.' });
  expect(choice?.text).toBe('');
});
