import {
  type AnyLLMError,
  type CallOptions,
  type ChatCompletion,
  type ChatCompletionChunk,
  type CompletionRequest,
  type CompletionStream,
  compare,
  completion,
  createClient,
  type EventStream,
  gather,
  type ImageEvent,
  type ImageResult,
  type SettledRow,
  type TranscriptionEvent,
  type TranscriptionResult,
} from '@anyllm/core';
import { batch, createBatch } from '@anyllm/core/batch';
import { completionRequestSchema } from '@anyllm/core/schemas';
import { createOpenAI } from '@anyllm/provider-openai';
import { describe, expectTypeOf, test } from 'vitest';

const client = createClient({ providers: [createOpenAI()] });
const prompt = 'Hi';

describe('model ids', () => {
  test('of a client, a wrong prefix does not compile', () => {
    // @ts-expect-error no such provider
    client.completion({ model: 'opnai/gpt-4o', prompt });
    // @ts-expect-error no provider
    client.completion({ model: 'gpt-4o', prompt });
    // @ts-expect-error a provider that this client does not have
    client.completion({ model: 'mistral/small', prompt, stream: true });
  });

  test('of a client, an unknown model of a known provider compiles, by either separator', () => {
    client.completion({ model: 'openai/not-yet-known', prompt });
    client.completion({ model: 'openai:ft:gpt-4o:org', prompt });
  });

  test('of the default client are any text', () => {
    completion({ model: 'whatever/model', prompt });
    expectTypeOf<Parameters<typeof completion>[0]['model']>().toEqualTypeOf<string | readonly string[]>();
  });

  test('are free where the provider is named', () => {
    client.completion({ model: 'gpt-4o', prompt }, { provider: 'openai' });
    // @ts-expect-error no such provider
    client.completion({ model: 'gpt-4o', prompt }, { provider: 'opnai' });
    const stored = {} as CompletionRequest;
    expectTypeOf(client.completion(stored, { provider: 'openai' })).resolves.toEqualTypeOf<
      ChatCompletion | CompletionStream
    >();
  });

  test('of several providers are those of any of them', () => {
    const many = createClient({ providers: [createOpenAI(), { ...createOpenAI(), id: 'other' as const }] });
    many.completion({ model: 'openai/x', prompt });
    many.completion({ model: 'other/x', prompt });
    // @ts-expect-error neither
    many.completion({ model: 'third/x', prompt });
  });
});

test('what a client sets is for its own providers, and its fallbacks are their models or its balances', () => {
  const providers = [createOpenAI()] as const;
  const balance = { large: { models: [{ model: 'openai/gpt-4o' }] } };
  createClient({ providers, balance, limits: { openai: { concurrency: 1 } }, settings: { openai: {} } });
  createClient({ providers, balance, fallbacks: ['openai/gpt-4o', 'large'] });
  createClient({ providers, balance, fallbacks: { models: ['openai:gpt-4o'], when: () => true } });
  // @ts-expect-error limits of no provider
  createClient({ providers, limits: { opnai: {} } });
  // @ts-expect-error settings of no provider
  createClient({ providers, settings: { opnai: {} } });
  // @ts-expect-error a model of no provider
  createClient({ providers, fallbacks: ['opnai/gpt-4o'] });
  // @ts-expect-error neither a model nor a balance
  createClient({ providers, balance, fallbacks: { models: ['small'] } });

  const names = {} as { limits: Record<string, { concurrency: number }>; fallbacks: string[] };
  createClient(names);
  createClient({ ...names, settings: { whatever: {} } });
});

describe('batches', () => {
  const row = <const Model extends string>(model: Model) => ({ custom_id: 'a', request: { model, prompt } });

  test('take the model ids of their client', () => {
    const { create } = createBatch(client);
    create({ requests: [row('openai/gpt-4o')] });
    create({ model: 'openai/gpt-4o', requests: [{ custom_id: 'a', request: { prompt } }] });
    create({ requests: [row('gpt-4o')] }, { provider: 'openai' });
    // @ts-expect-error no such provider
    create({ requests: [row('opnai/gpt-4o')] });
    batch.create({ requests: [row('whatever/model')] }, { journal: './journal' });
  });

  test('have rows or a file, and no streams', () => {
    // @ts-expect-error neither
    batch.create({});
    // @ts-expect-error both
    batch.create({ requests: [row('a/b')], file: 'rows.jsonl' });
    // @ts-expect-error a stream
    batch.create({ requests: [{ custom_id: 'a', request: { model: 'a/b', prompt, stream: true } }] });
  });

  test('have results that tell an answer from an error by their status', async () => {
    for await (const result of batch.results('openai/batch_1')) {
      if (result.status === 'fulfilled') expectTypeOf(result.value).toEqualTypeOf<ChatCompletion>();
      else expectTypeOf(result.reason).toEqualTypeOf<AnyLLMError>();
    }
  });
});

describe('results', () => {
  test('are whole without `stream` or with `stream: false`', () => {
    expectTypeOf(completion({ model: 'a/b', prompt })).resolves.toEqualTypeOf<ChatCompletion>();
    expectTypeOf(client.completion({ model: 'openai/b', prompt, stream: false })).resolves.toEqualTypeOf<ChatCompletion>(); // biome-ignore format: one line
  });

  test('are streams with `stream: true`', () => {
    expectTypeOf(completion({ model: 'a/b', prompt, stream: true })).resolves.toEqualTypeOf<CompletionStream>();
    expectTypeOf(client.completion({ model: 'b', prompt, stream: true }, { provider: 'openai' })).resolves.toEqualTypeOf<CompletionStream>(); // biome-ignore format: one line
  });

  test('are either where only the run tells', () => {
    const stream = {} as boolean;
    expectTypeOf(completion({ model: 'a/b', prompt, stream })).resolves.toEqualTypeOf<ChatCompletion | CompletionStream>(); // biome-ignore format: one line
    expectTypeOf(completion({} as CompletionRequest)).resolves.toEqualTypeOf<ChatCompletion | CompletionStream>();
  });

  test('a stream gives chunks, texts, the whole and bytes', async () => {
    const stream = {} as CompletionStream;
    for await (const chunk of stream) expectTypeOf(chunk).toEqualTypeOf<ChatCompletionChunk>();
    for await (const text of stream.text()) expectTypeOf(text).toEqualTypeOf<string>();
    expectTypeOf(stream.completion()).resolves.toEqualTypeOf<ChatCompletion>();
    expectTypeOf(stream.toReadableStream()).toEqualTypeOf<ReadableStream<Uint8Array>>();
    await using _ = stream;
  });
});

describe('requests', () => {
  test('have one of `prompt` and `messages`', () => {
    // @ts-expect-error both
    completion({ model: 'a/b', prompt, messages: [] });
    // @ts-expect-error neither
    completion({ model: 'a/b' });
  });

  test('have no misspelt parameter, and no option among them', () => {
    // @ts-expect-error misspelt
    completion({ model: 'a/b', prompt, temprature: 1 });
    // @ts-expect-error an option
    completion({ model: 'a/b', prompt, timeout: 1 });
    // @ts-expect-error a parameter
    completion({ model: 'a/b', prompt }, { temperature: 1 });
  });

  test('take the message of an answer back', () => {
    const { message } = ({} as ChatCompletion).choices[0] ?? {};
    if (message) completion({ model: 'a/b', messages: [{ role: 'user', content: 'Hi' }, message] });
  });

  test('are what the schema validates to', async () => {
    const result = await completionRequestSchema['~standard'].validate({});
    if (!result.issues) expectTypeOf(result.value).toEqualTypeOf<CompletionRequest>();
  });

  test('options may be kept in a variable', () => {
    const options = {} as CallOptions;
    expectTypeOf(completion({ model: 'a/b', prompt }, options)).resolves.toEqualTypeOf<ChatCompletion>();
    expectTypeOf(completion({ model: 'a/b', prompt, stream: true }, options)).resolves.toEqualTypeOf<CompletionStream>(); // biome-ignore format: one line
  });
});

describe('gather and compare', () => {
  test('gather gives the type of each task', () => {
    const tasks = [{ model: 'a/b', prompt }, () => 5, async () => 'text'] as const;
    expectTypeOf(gather(tasks)).resolves.toEqualTypeOf<[ChatCompletion, number, string]>();
  });

  test('settled, rows', async () => {
    const rows = await gather([{ model: 'a/b', prompt }], { settle: true });
    const row = {} as (typeof rows)[number];
    if (row.status === 'fulfilled') expectTypeOf(row.value).toEqualTypeOf<ChatCompletion>();
    else expectTypeOf(row.reason).toEqualTypeOf<unknown>();
    expectTypeOf(row).toExtend<SettledRow>();
  });

  test("a client's gather knows its models", () => {
    client.gather([{ model: 'openai/x', prompt }]);
    // @ts-expect-error no such provider
    client.gather([{ model: 'opnai/x', prompt }]);
  });

  test('compare names its rows by the models asked', async () => {
    const { rows } = await client.compare({ prompt }, { models: ['openai/a', 'openai/b'] });
    expectTypeOf<(typeof rows)[number]['model']>().toEqualTypeOf<'openai/a' | 'openai/b'>();
    // @ts-expect-error no such provider
    client.compare({ prompt }, { models: ['opnai/a'] });
    // @ts-expect-error the models stand in the options
    compare({ prompt, model: 'a/b' }, { models: ['a/b'] });
    // @ts-expect-error no models
    compare({ prompt });
  });
});

describe('images and audio', () => {
  const file = new Blob([]);

  test('are whole or streams by the literal `stream`', () => {
    const drawing = { model: 'openai/x', prompt } as const;
    expectTypeOf(client.imageGeneration(drawing)).resolves.toEqualTypeOf<ImageResult>();
    expectTypeOf(client.imageGeneration({ ...drawing, stream: true })).resolves.toEqualTypeOf<
      EventStream<ImageEvent>
    >();
    expectTypeOf(client.imageEdit({ ...drawing, images: file })).resolves.toEqualTypeOf<ImageResult>();
    const sound = { model: 'openai/x', file } as const;
    expectTypeOf(client.transcription(sound)).resolves.toEqualTypeOf<TranscriptionResult>();
    expectTypeOf(client.transcription({ ...sound, stream: true })).resolves.toEqualTypeOf<
      EventStream<TranscriptionEvent>
    >();
    expectTypeOf(client.speech({ model: 'openai/x', input: 'Hi', voice: 'nova' })).resolves.toExtend<
      AsyncIterable<Uint8Array>
    >();
  });

  test('take what is a file, and no path', () => {
    client.transcription({ model: 'openai/x', file: new Uint8Array() });
    client.transcription({ model: 'openai/x', file: file.stream() });
    client.imageEdit({ model: 'openai/x', prompt, images: [file, new ArrayBuffer(1)], mask: file });
    // @ts-expect-error a path
    client.transcription({ model: 'openai/x', file: 'sound.wav' });
    // @ts-expect-error no such provider
    client.speech({ model: 'opnai/x', input: 'Hi', voice: 'nova' });
  });
});
