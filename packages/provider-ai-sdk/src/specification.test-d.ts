import type { EmbeddingModelV3, EmbeddingModelV4, LanguageModelV3, LanguageModelV4 } from '@ai-sdk/provider';
import { expectTypeOf, test } from 'vitest';
import type {
  AnyEmbeddingModel,
  AnyLanguageModel,
  EmbedCallOptions,
  EmbeddingModel,
  EmbedResult,
  LanguageModel,
  ModelCallOptions,
  ModelResult,
  TheirContent,
  TheirStreamPart,
} from './specification.ts';

type TheirOptions = Parameters<LanguageModelV4['doGenerate']>[0];
type TheirResult = Awaited<ReturnType<LanguageModelV4['doGenerate']>>;
type TheirPart = Awaited<ReturnType<LanguageModelV4['doStream']>>['stream'] extends ReadableStream<infer Part> ? Part : never; // biome-ignore format: one line

test('every model of theirs is one that is taken', () => {
  const models: AnyLanguageModel[] = [{} as LanguageModelV4, {} as LanguageModelV3];
  expectTypeOf(models).toExtend<AnyLanguageModel[]>();
});

test('a model that is made is one of theirs', () => {
  const model: LanguageModelV4 = {} as LanguageModel;
  expectTypeOf(model).toExtend<LanguageModelV4>();
});

test('what they say is what is read', () => {
  expectTypeOf<TheirOptions>().toExtend<ModelCallOptions>();
  expectTypeOf<TheirResult['usage']>().toExtend<ModelResult['usage']>();
  expectTypeOf<TheirResult['finishReason']>().toExtend<ModelResult['finishReason']>();
  expectTypeOf<TheirResult['content'][number]>().toExtend<TheirContent>();
  expectTypeOf<TheirPart>().toExtend<TheirStreamPart>();
});

test('embedding models fit both ways', () => {
  const models: AnyEmbeddingModel[] = [{} as EmbeddingModelV4, {} as EmbeddingModelV3];
  expectTypeOf(models).toExtend<AnyEmbeddingModel[]>();
  expectTypeOf<EmbeddingModel>().toExtend<EmbeddingModelV4>();
  expectTypeOf<Parameters<EmbeddingModelV4['doEmbed']>[0]>().toExtend<EmbedCallOptions>();
  expectTypeOf<Awaited<ReturnType<EmbeddingModelV4['doEmbed']>>>().toExtend<EmbedResult>();
});
