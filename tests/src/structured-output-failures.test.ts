import { type CompletionStream, ContentFilterError, InvalidOutputError } from '@anyllm/core';
import type { Reply } from '@anyllm/simulator';
import { describe, expect, test } from 'vitest';
import { failure, models, simulate } from './simulated.ts';
import { ask, asWritten, berlin, city, prompt } from './structured-question.ts';

describe('an answer that is of no use', () => {
  const model = 'openai/gpt-4o';
  const asks = [{ stream: false }, { stream: true }] as const;

  const outcome = async (script: Reply, stream: boolean) => {
    const { client } = await simulate({ script });
    return failure(
      (async () => {
        const answer = await client.completion({ ...ask, model, stream });
        if ('completion' in answer) await answer.completion();
      })(),
    );
  };

  test.each(asks)('is not JSON (%j)', async ({ stream }) => {
    const error = (await outcome({ text: 'Berlin is nice' }, stream)) as InvalidOutputError;
    expect(error).toBeInstanceOf(InvalidOutputError);
    expect(error).toMatchObject({ reason: 'json', text: 'Berlin is nice', provider: 'openai', model: 'gpt-4o' });
    expect(error.partial?.choices).toHaveLength(1);
    expect(error.usage).toEqual(error.partial?.usage);
    expect(error.usage?.total_tokens).toBeGreaterThan(0);
    expect(error.attempts).toHaveLength(1);
  });

  test.each(asks)('does not fit (%j)', async ({ stream }) => {
    const error = await outcome({ text: '{"name":"Berlin","mayor":"secret words"}'.replace('"Berlin"', '5') }, stream);
    expect(error).toMatchObject({
      reason: 'schema',
      issues: [{ path: 'name', message: expect.any(String) }],
      message: 'openai: the answer does not fit its schema in one place; see `issues`',
    });
    expect(Object.keys(error as object)).not.toContain('issues');
    expect(`${JSON.stringify(error)} ${Object.values(error as object)}`).not.toContain('secret words');
  });

  test.each(asks)('was cut off (%j)', async ({ stream }) => {
    const error = await outcome({ text: '{"name":"Ber', finishReason: 'length' }, stream);
    expect(error).toMatchObject({
      reason: 'length',
      text: '{"name":"Ber',
      message: expect.stringMatching(/max_tokens/),
    });
  });

  test.each(asks)('is a refusal (%j)', async ({ stream }) => {
    const error = await outcome({ refusal: 'I would rather not' }, stream);
    expect(error).toMatchObject({
      reason: 'refusal',
      partial: { choices: [{ message: { refusal: 'I would rather not' } }] },
    });
  });

  test.each(asks)('was filtered (%j)', async ({ stream }) => {
    const error = await outcome({ text: '{"name":"Ber', finishReason: 'content_filter' }, stream);
    expect(error).toBeInstanceOf(ContentFilterError);
    expect(error).toMatchObject({ partial: { text: '{"name":"Ber' } });
  });

  test('one choice of several is enough to fail', async () => {
    const { client } = await simulate({ script: { choices: [{ text: asWritten }, { text: '{}' }] } });
    expect(await failure(client.completion({ ...ask, model, n: 2 }))).toMatchObject({ reason: 'schema', text: '{}' });
  });

  test('fails a schema whose own code throws', async () => {
    const response_format = city.refine(() => {
      throw new Error('a bug');
    });
    const { client } = await simulate({ script: { text: asWritten } });
    const error = await failure(client.completion({ ...ask, model, response_format }));
    expect(error).toMatchObject({ code: 'invalid_output', cause: { message: 'a bug' } });
  });

  test('ends the partial values with its error', async () => {
    const { client } = await simulate({ script: { text: '{"name":"Berlin"} and more' } });
    const read = async (stream: CompletionStream) => {
      const values: unknown[] = [];
      const error = await failure(
        (async () => {
          for await (const value of stream.partial()) values.push(structuredClone(value));
        })(),
      );
      return { last: values.at(-1), error };
    };
    const expected = { last: { name: 'Berlin' }, error: { code: 'invalid_output', reason: 'json' } };
    expect(await read(await client.completion({ ...ask, model, stream: true }))).toMatchObject(expected);
    expect(await read(await client.completion({ prompt, model, stream: true }))).toMatchObject(expected);
  });
});

describe('repair', () => {
  const model = 'openai/gpt-4o';

  test.each(models)('%s: the model is told what is wrong, and its answers are paid for together', async (model) => {
    const script = [{ text: '{"name":5}' }, { text: asWritten }];
    const { client, simulator } = await simulate({ script });
    const answer = await client.completion({ ...ask, model }, { repair: 2 });
    expect(answer.parsed).toEqual(berlin);
    expect(answer.meta.structuredOutput?.repairs).toBe(1);
    expect(answer.meta.attempts).toMatchObject([{ error: { code: 'invalid_output' } }, {}]);
    const [first, second] = simulator.requests.map(({ body }) => body?.messages as { role: string; content: string }[]);
    expect(second?.slice(0, first?.length)).toEqual(first);
    expect(second?.slice(first?.length)).toEqual([
      { role: 'assistant', content: '{"name":5}' },
      { role: 'user', content: expect.stringMatching(/`name`: .+\n- `mayor`: /) },
    ]);
    const once = await client.completion({ ...ask, model });
    expect(answer.usage?.completion_tokens).toBeGreaterThan(once.usage?.completion_tokens ?? 0);
  });

  test('goes as often as it was asked for', async () => {
    const { client, simulator } = await simulate({ script: { text: '{}' } });
    const error = await failure(client.completion({ ...ask, model }, { repair: 2 }));
    expect(error).toMatchObject({ reason: 'schema', attempts: [{}, {}, {}] });
    expect(simulator.requests).toHaveLength(3);
  });

  test('does not help against a refusal or a limit', async () => {
    for (const script of [{ refusal: 'No' }, { text: '{', finishReason: 'length' }]) {
      const { client, simulator } = await simulate({ script });
      await failure(client.completion({ ...ask, model }, { repair: 2 }));
      expect(simulator.requests).toHaveLength(1);
    }
  });

  test('ends at the deadline of the call', async () => {
    const script = { text: '{}', latency: { headersMs: 60 } };
    const { client } = await simulate({ script });
    const error = await failure(client.completion({ ...ask, model }, { repair: 1_000, timeout: 200 }));
    expect(error).toMatchObject({ code: 'timeout', phase: 'total' });
  });

  test('is for whole answers with a schema only', async () => {
    const { client, simulator } = await simulate();
    const refused = { code: 'invalid_request', path: 'options.repair' };
    const calls = [
      client.completion({ ...ask, model, stream: true }, { repair: 1 }),
      client.completion({ prompt, model }, { repair: 1 }),
      client.completion({ ...ask, model }, { repair: -1 }),
      client.completion({ ...ask, model }, { repair: '1' as never }),
    ];
    for (const call of calls) expect(await failure(call)).toMatchObject(refused);
    expect(simulator.requests).toHaveLength(0);
  });
});
