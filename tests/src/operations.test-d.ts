import {
  type ChatCompletion,
  type CompletionOptions,
  type CompletionRequest,
  createClient,
  type EmbeddingResult,
  type EventStream,
  type ImageEvent,
  type ImageResult,
  jsonSchema,
  type ListedModel,
  listModels,
  type MessagesResult,
  type ModerationResult,
  type RerankResult,
  type ResponsesResult,
  runTools,
  type SpeechStream,
  type Spent,
  type TokenCount,
  type ToolRun,
  type ToolRunResult,
  type ToolRunStream,
  type TranscriptionEvent,
  type TranscriptionResult,
  tool,
} from '@anyllm/core';
import { type BatchJob, type BatchResult, createBatch } from '@anyllm/core/batch';
import { createOpenAI } from '@anyllm/provider-openai';
import { type } from 'arktype';
import * as v from 'valibot';
import { describe, expectTypeOf, test } from 'vitest';
import * as z from 'zod';
import { z as z3 } from 'zod3';

const client = createClient({ providers: [createOpenAI()] });
const model = 'openai/m';
const named = { provider: 'openai' } as const;
const file = new Blob([]) as File;
const messages = [{ role: 'user' as const, content: 'Hi' }];

describe('a tool', () => {
  interface City {
    city: string;
  }
  const name = 'weather';

  test('gets the arguments of its schema, of every validator', () => {
    tool({ name, parameters: z.object({ city: z.string() }), execute: (args) => expectTypeOf(args).toEqualTypeOf<City>() }); // biome-ignore format: one line
    tool({ name, parameters: z3.object({ city: z3.string() }), execute: (args) => expectTypeOf(args).toEqualTypeOf<City>() }); // biome-ignore format: one line
    tool({ name, parameters: v.object({ city: v.string() }), execute: (args) => expectTypeOf(args).toEqualTypeOf<City>() }); // biome-ignore format: one line
    tool({ name, parameters: type({ city: 'string' }), execute: (args) => expectTypeOf(args).toEqualTypeOf<City>() });
    tool({ name, parameters: jsonSchema<City>({ type: 'object' }), execute: (args) => expectTypeOf(args).toEqualTypeOf<City>() }); // biome-ignore format: one line
  });

  test('gets what the schema transforms to, and nothing where there is none', () => {
    const day = z.object({ at: z.string().transform((text) => new Date(text)) });
    tool({ name, parameters: day, execute: ({ at }) => expectTypeOf(at).toEqualTypeOf<Date>() });
    tool({ name, execute: (args) => expectTypeOf(args).toEqualTypeOf<Record<string, never>>() });
  });

  test('is for a run, not for a completion', () => {
    // @ts-expect-error no plain tool
    client.completion({ model, prompt: 'Hi', tools: [tool({ name, execute: () => 12 })] });
  });

  test('may be one among tools of other arguments', () => {
    const weather = tool({ name, parameters: z.object({ city: z.string() }), execute: ({ city }) => city });
    const clock = tool({ name: 'clock', execute: async () => ({ hour: 12 }) });
    expectTypeOf(client.runTools({ model, prompt: 'Hi' }, { tools: [weather, clock] })).toEqualTypeOf<ToolRun>();
    // @ts-expect-error no such argument
    tool({ name, parameters: z.object({ city: z.string() }), execute: ({ town }) => town });
  });
});

describe('a run of tools', () => {
  test('is awaited, or read where it is streamed', () => {
    const tools = [tool({ name: 'clock', execute: () => 12 })];
    expectTypeOf(runTools({ model, prompt: 'Hi' }, { tools })).resolves.toEqualTypeOf<ToolRunResult>();
    expectTypeOf(runTools({ model, messages, stream: false }, { tools })).toEqualTypeOf<ToolRun>();
    expectTypeOf(runTools({ model, prompt: 'Hi', stream: true }, { tools })).toEqualTypeOf<ToolRunStream>();
    expectTypeOf(runTools({ model, prompt: 'Hi', stream: {} as boolean }, { tools })).toEqualTypeOf<ToolRun | ToolRunStream>(); // biome-ignore format: one line
    expectTypeOf<ToolRunResult['steps'][number]['completion']>().toEqualTypeOf<ChatCompletion>();
    // @ts-expect-error no tools
    runTools({ model, prompt: 'Hi' });
  });
});

describe('what is asked gives', () => {
  test('vectors', () => {
    expectTypeOf(client.embedding({ model, input: ['a'] })).resolves.toEqualTypeOf<EmbeddingResult>();
    expectTypeOf<EmbeddingResult['data'][number]['embedding']>().toEqualTypeOf<number[]>();
  });

  test('models, awaited or one by one', async () => {
    expectTypeOf(await listModels('openai')).toEqualTypeOf<ListedModel[]>();
    for await (const row of client.listModels('openai')) expectTypeOf(row).toEqualTypeOf<ListedModel>();
  });

  test('verdicts, ranks and counts', () => {
    expectTypeOf(client.moderation({ model, input: 'a' })).resolves.toEqualTypeOf<ModerationResult>();
    expectTypeOf(client.rerank({ model, query: 'q', documents: ['a'] })).resolves.toEqualTypeOf<RerankResult>();
    expectTypeOf(client.countTokens({ model, input: 'a' })).resolves.toEqualTypeOf<TokenCount>();
  });

  test('pictures, whole or in events', () => {
    const drawing = { model, prompt: 'a' } as const;
    expectTypeOf(client.imageGeneration(drawing)).resolves.toEqualTypeOf<ImageResult>();
    expectTypeOf(client.imageGeneration({ ...drawing, stream: true })).resolves.toEqualTypeOf<EventStream<ImageEvent>>(); // biome-ignore format: one line
    expectTypeOf(client.imageEdit({ ...drawing, images: file })).resolves.toEqualTypeOf<ImageResult>();
    expectTypeOf(client.imageEdit({ ...drawing, images: [file], stream: true })).resolves.toEqualTypeOf<EventStream<ImageEvent>>(); // biome-ignore format: one line
    const stream = {} as boolean;
    expectTypeOf(client.imageGeneration({ ...drawing, stream })).resolves.toEqualTypeOf<ImageResult | EventStream<ImageEvent>>(); // biome-ignore format: one line
    expectTypeOf(client.imageEdit({ ...drawing, images: file, stream })).resolves.toEqualTypeOf<ImageResult | EventStream<ImageEvent>>(); // biome-ignore format: one line
  });

  test('texts of a sound, whole or in events, and the sound of a text', () => {
    expectTypeOf(client.transcription({ model, file })).resolves.toEqualTypeOf<TranscriptionResult>();
    expectTypeOf(client.transcription({ model, file, stream: false })).resolves.toEqualTypeOf<TranscriptionResult>();
    expectTypeOf(client.transcription({ model, file, stream: true })).resolves.toEqualTypeOf<EventStream<TranscriptionEvent>>(); // biome-ignore format: one line
    const stream = {} as boolean;
    expectTypeOf(client.transcription({ model, file, stream })).resolves.toEqualTypeOf<TranscriptionResult | EventStream<TranscriptionEvent>>(); // biome-ignore format: one line
    expectTypeOf(client.speech({ model, input: 'a', voice: 'alloy' })).resolves.toEqualTypeOf<SpeechStream>();
  });

  test('messages and responses', () => {
    expectTypeOf(client.messages({ model, max_tokens: 9, messages })).resolves.toEqualTypeOf<MessagesResult>();
    expectTypeOf(client.responses({ model, input: 'a' })).resolves.toEqualTypeOf<ResponsesResult>();
  });

  test('batches and their rows', () => {
    const batch = createBatch(client);
    expectTypeOf(batch.create({ model, requests: [] })).resolves.toEqualTypeOf<BatchJob>();
    expectTypeOf(batch.results('openai/batch_1')).toEqualTypeOf<AsyncIterable<BatchResult>>();
    const row = {} as BatchResult;
    if (row.status === 'fulfilled') expectTypeOf(row.value).toEqualTypeOf<ChatCompletion>();
  });

  test('an account, which only a client with prices or budgets has', () => {
    expectTypeOf(client.spent).toEqualTypeOf<Readonly<Spent> | undefined>();
    expectTypeOf<ChatCompletion['meta']['cost']>().toEqualTypeOf<number | undefined>();
  });
});

describe('a wrong prefix does not compile', () => {
  test('in any operation of a client', () => {
    const wrong = { model: 'opnai/m' } as const;
    const tools = [tool({ name: 'clock', execute: () => 12 })];
    // @ts-expect-error no such provider
    client.embedding({ ...wrong, input: 'a' });
    // @ts-expect-error no such provider
    client.listModels('opnai');
    // @ts-expect-error no such provider
    client.moderation({ ...wrong, input: 'a' });
    // @ts-expect-error no such provider
    client.rerank({ ...wrong, query: 'q', documents: ['a'] });
    // @ts-expect-error no such provider
    client.countTokens({ ...wrong, input: 'a' });
    // @ts-expect-error no such provider
    client.imageGeneration({ ...wrong, prompt: 'a' });
    // @ts-expect-error no such provider
    client.imageEdit({ ...wrong, prompt: 'a', images: file });
    // @ts-expect-error no such provider
    client.transcription({ ...wrong, file });
    // @ts-expect-error no such provider
    client.speech({ ...wrong, input: 'a', voice: 'alloy' });
    // @ts-expect-error no such provider
    client.messages({ ...wrong, max_tokens: 9, messages });
    // @ts-expect-error no such provider
    client.responses({ ...wrong, input: 'a' });
    // @ts-expect-error no such provider
    client.runTools({ ...wrong, prompt: 'Hi' }, { tools });
    // @ts-expect-error no such provider
    client.gather([{ ...wrong, prompt: 'Hi' }]);
    // @ts-expect-error no such provider
    createBatch(client).create({ ...wrong, requests: [] });
    // @ts-expect-error no such provider
    createBatch(client).list({ provider: 'opnai' });
  });

  test('also among several', () => {
    // @ts-expect-error no such provider
    client.embedding({ model: ['openai/m', 'opnai/m'], input: 'a' });
    client.embedding({ model: ['openai/m', 'openai:n'], input: 'a' });
  });

  test('but any model does where the provider is named', () => {
    const any = { model: 'm' };
    const tools = [tool({ name: 'clock', execute: () => 12 })];
    client.embedding({ ...any, input: 'a' }, named);
    client.moderation({ ...any, input: 'a' }, named);
    client.rerank({ ...any, query: 'q', documents: ['a'] }, named);
    client.countTokens({ ...any, input: 'a' }, named);
    client.imageGeneration({ ...any, prompt: 'a' }, named);
    client.imageEdit({ ...any, prompt: 'a', images: file, stream: true }, named);
    client.transcription({ ...any, file }, named);
    client.speech({ ...any, input: 'a', voice: 'alloy' }, named);
    client.messages({ ...any, max_tokens: 9, messages }, named);
    client.responses({ ...any, input: 'a' }, named);
    client.runTools({ ...any, prompt: 'Hi' }, { ...named, tools });
  });
});

describe('an option without effect does not compile', () => {
  const restart = { onInterrupt: 'restart' } as const;

  test('but in a completion and a run of tools it has one', () => {
    const tools = [tool({ name: 'clock', execute: () => 12 })];
    client.completion({ model, messages, stream: true }, { ...restart, repair: 0 });
    client.runTools({ model, messages, stream: true }, { ...restart, tools });
    expectTypeOf<CompletionOptions['onInterrupt']>().toEqualTypeOf<'restart' | undefined>();
  });

  test('in other operations of a client', () => {
    // @ts-expect-error only completions
    client.messages({ model, max_tokens: 9, messages, stream: true }, { onInterrupt: 'restart' });
    // @ts-expect-error only completions
    client.responses({ model, input: 'a', stream: true }, { onInterrupt: 'restart' });
    // @ts-expect-error only completions
    client.embedding({ model, input: 'a' }, { onInterrupt: 'restart' });
    // @ts-expect-error only completions
    client.listModels('openai', { onInterrupt: 'restart' });
    // @ts-expect-error no model is asked
    client.listModels('openai', { fallbacks: [model] });
    // @ts-expect-error only completions
    client.transcription({ model, file }, { onInterrupt: 'restart' });
    // @ts-expect-error only completions by a schema
    createBatch(client).create({ model, requests: [] }, { repair: 1 });
  });

  test('in the request of a comparison', () => {
    const stored = {} as CompletionRequest;
    // @ts-expect-error the models stand in the options
    client.compare(stored, { models: [model] });
    // @ts-expect-error `onProgress` shows the answers as they grow
    client.compare({ messages, stream: true }, { models: [model] });
  });
});
