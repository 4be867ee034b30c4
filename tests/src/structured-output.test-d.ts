import {
  type ChatCompletion,
  type CompletionRequest,
  type CompletionStream,
  completion,
  createClient,
  gather,
  type InvalidOutputError,
  jsonSchema,
  type ParsedCompletion,
  type SettledRow,
  type StructuredStream,
  type Tool,
} from '@anyllm/core';
import { createOpenAI } from '@anyllm/provider-openai';
import { type } from 'arktype';
import * as v from 'valibot';
import { describe, expectTypeOf, test } from 'vitest';
import * as z from 'zod';
import * as mini from 'zod/mini';
import { z as z3 } from 'zod3';

interface City {
  name: string;
  area?: number | undefined;
}

const city = z.object({ name: z.string(), area: z.number().optional() });
const request = { model: 'a/b', prompt: 'Hi', response_format: city };
const client = createClient({ providers: [createOpenAI()] });

describe('parsed', () => {
  test('is what the schema gives, of every validator', async () => {
    const ask = { model: 'a/b', prompt: 'Hi' };
    expectTypeOf((await completion(request)).parsed).toEqualTypeOf<City>();
    const ofMini = mini.object({ name: mini.string() });
    expectTypeOf((await completion({ ...ask, response_format: ofMini })).parsed).toEqualTypeOf<{ name: string }>();
    const ofZod3 = z3.object({ name: z3.string() });
    expectTypeOf((await completion({ ...ask, response_format: ofZod3 })).parsed).toEqualTypeOf<{ name: string }>();
    const ofValibot = v.object({ name: v.string() });
    expectTypeOf((await completion({ ...ask, response_format: ofValibot })).parsed).toEqualTypeOf<{ name: string }>();
    const ofArk = type({ name: 'string' });
    expectTypeOf((await completion({ ...ask, response_format: ofArk })).parsed).toEqualTypeOf<{ name: string }>();
    const plain = jsonSchema<City>({ type: 'object' });
    expectTypeOf((await completion({ ...ask, response_format: plain })).parsed).toEqualTypeOf<City>();
  });

  test('is transformed', async () => {
    const response_format = z.object({ at: z.string().transform((text) => new Date(text)) });
    const { parsed } = await completion({ model: 'a/b', prompt: 'Hi', response_format });
    expectTypeOf(parsed).toEqualTypeOf<{ at: Date }>();
  });

  test('is in each choice', async () => {
    const { choices } = await completion({ ...request, n: 2 });
    expectTypeOf(choices).items.toHaveProperty('text').toEqualTypeOf<string>();
    expectTypeOf(choices[0]?.message.parsed).toEqualTypeOf<City | undefined>();
  });

  test('may be null beside tools, which the model may call instead', async () => {
    const tools: Tool[] = [];
    expectTypeOf((await completion({ ...request, tools })).parsed).toEqualTypeOf<City | null>();
    expectTypeOf(
      (await client.completion({ ...request, tools, model: 'openai/x' })).parsed,
    ).toEqualTypeOf<City | null>();
  });

  test('is not there without a schema', async () => {
    const answers = [
      await completion({ model: 'a/b', prompt: 'Hi' }),
      await completion({ model: 'a/b', prompt: 'Hi', response_format: { type: 'json_object' } }),
      await completion({
        model: 'a/b',
        prompt: 'Hi',
        response_format: { type: 'json_schema', json_schema: { name: 'city', schema: {} } },
      }),
    ];
    expectTypeOf(answers).items.toEqualTypeOf<ChatCompletion>();
    // @ts-expect-error nothing was parsed
    answers[0]?.parsed;
    // @ts-expect-error nor in the message
    answers[0]?.choices[0]?.message.parsed;
  });

  test('goes where a completion goes', () => {
    expectTypeOf<ParsedCompletion<City>>().toExtend<ChatCompletion>();
    expectTypeOf<StructuredStream<City, City>>().toExtend<CompletionStream>();
  });
});

describe('a client of some providers', () => {
  test('knows the type, and still its models', async () => {
    expectTypeOf((await client.completion({ ...request, model: 'openai/x' })).parsed).toEqualTypeOf<City>();
    expectTypeOf((await client.completion({ ...request, model: 'x' }, { provider: 'openai' })).parsed).toEqualTypeOf<City>(); // biome-ignore format: one line
    // @ts-expect-error no such provider
    client.completion({ ...request, model: 'mistral/x' });
    // @ts-expect-error no such parameter
    client.completion({ ...request, model: 'openai/x', maxTokens: 5 });
    // @ts-expect-error no schema
    client.completion({ ...request, model: 'openai/x', response_format: { type: 'xml' } });
  });
});

describe('gather', () => {
  test('gives each its own type', async () => {
    const other = { ...request, response_format: z.array(z.string()) };
    const plain = { model: 'a/b', prompt: 'Hi' };
    expectTypeOf(await gather([request, other, plain, () => 5])).toEqualTypeOf<
      [ParsedCompletion<City>, ParsedCompletion<string[]>, ChatCompletion, number]
    >();
    const many = [request].map((one) => ({ ...one, prompt: 'Hello' }));
    const rows = await client.gather(
      many.map((one) => ({ ...one, model: 'openai/x' as const })),
      { settle: true },
    );
    expectTypeOf(rows).items.toExtend<SettledRow<ParsedCompletion<City>>>();
    const stored: CompletionRequest[] = [];
    expectTypeOf(await gather(stored)).toEqualTypeOf<ChatCompletion[]>();
  });
});

describe('streams', () => {
  test('give partial values and a typed whole', async () => {
    const stream = await completion({ ...request, stream: true });
    for await (const value of stream.partial()) {
      expectTypeOf(value.name).toEqualTypeOf<string | undefined>();
      expectTypeOf(value.area).toEqualTypeOf<number | null | undefined>();
    }
    expectTypeOf((await stream.completion()).parsed).toEqualTypeOf<City>();
    const named = await client.completion({ ...request, stream: true, model: 'x' }, { provider: 'openai' });
    expectTypeOf((await named.completion()).parsed).toEqualTypeOf<City>();
  });

  test('give the partial values of the input, as deep as it goes', async () => {
    const response_format = z.object({ rows: z.array(z.object({ at: z.string().transform(Number) })) });
    const stream = await completion({ model: 'a/b', prompt: 'Hi', stream: true, response_format });
    for await (const { rows } of stream.partial()) {
      expectTypeOf(rows).toEqualTypeOf<{ at?: string }[] | undefined>();
    }
  });

  test('give unknown values without a schema', async () => {
    const stream = await completion({ model: 'a/b', prompt: 'Hi', stream: true });
    for await (const value of stream.partial()) expectTypeOf(value).toEqualTypeOf<unknown>();
  });

  test('are either where only the run tells', () => {
    const stream = {} as boolean;
    expectTypeOf(completion({ ...request, stream })).resolves.toEqualTypeOf<
      ParsedCompletion<City> | StructuredStream<City, City>
    >();
  });
});

test('an output that does not fit says why', () => {
  expectTypeOf<InvalidOutputError['reason']>().toEqualTypeOf<'json' | 'schema' | 'length' | 'refusal' | undefined>();
});
