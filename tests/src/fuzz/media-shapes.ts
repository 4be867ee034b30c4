import type { ImageEvent, ImageResult, RerankResult, TokenCount, TranscriptionEvent, TranscriptionResult } from '@anyllm/core'; // biome-ignore format: one line
import * as z from 'zod';
import { count, meta, optional } from './shapes.ts';

// As shapes.ts, of pictures, sound, ranking and counts of tokens.

const text = z.string();
const seconds = z.number().nonnegative();
const details = z.strictObject({ text_tokens: optional(count), image_tokens: optional(count) });
const counts = { input_tokens: count, output_tokens: count, total_tokens: count };
const imageUsage = z.strictObject({
  ...counts,
  input_tokens_details: optional(details),
  output_tokens_details: optional(details),
});

export const images: z.ZodType<ImageResult> = z.strictObject({
  created: z.int().nonnegative(),
  data: z
    .array(z.strictObject({ b64_json: optional(text), url: optional(text), revised_prompt: optional(text) }))
    .min(1),
  background: optional(text),
  output_format: optional(text),
  quality: optional(text),
  size: optional(text),
  usage: optional(imageUsage),
  meta,
});

export const imageEvent: z.ZodType<ImageEvent> = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('partial_image'),
    b64_json: text,
    partial_image_index: z.int().nonnegative(),
  }),
  z.strictObject({ type: z.literal('completed'), b64_json: text, usage: optional(imageUsage) }),
]);

const segment = z.strictObject({
  start: z.number(),
  end: z.number(),
  text,
  speaker: optional(text),
  id: optional(z.union([text, z.number()])),
});
const transcription = {
  text,
  language: optional(text),
  duration: optional(seconds),
  segments: optional(z.array(segment)),
  words: optional(z.array(z.strictObject({ word: text, start: z.number(), end: z.number() }))),
  logprobs: optional(
    z.array(z.strictObject({ token: text, logprob: z.number(), bytes: optional(z.array(z.number()).nullable()) })),
  ),
  usage: optional(
    z.strictObject({
      prompt_tokens: optional(count),
      completion_tokens: optional(count),
      total_tokens: optional(count),
      seconds: optional(seconds),
    }),
  ),
};

export const transcribed: z.ZodType<TranscriptionResult> = z.strictObject({ ...transcription, meta });

export const transcriptionEvent: z.ZodType<TranscriptionEvent> = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('transcript.text.delta'), delta: text }),
  z.strictObject({ type: z.literal('transcript.text.segment'), segment }),
  z.strictObject({ type: z.literal('transcript.text.done'), transcription: z.strictObject(transcription) }),
]);

export const spoken = z.strictObject({
  bytes: z.array(z.instanceof(Uint8Array)).min(1),
  media_type: text,
  usage: z.strictObject(counts).optional(),
});

export const ranking: z.ZodType<RerankResult> = z.strictObject({
  object: z.literal('list'),
  id: optional(text),
  model: text,
  results: z.array(z.strictObject({ index: z.int().nonnegative(), relevance_score: z.number(), document: optional(z.strictObject({ text })) })), // biome-ignore format: one line
  usage: optional(
    z.strictObject({ prompt_tokens: optional(count), total_tokens: optional(count), search_units: optional(count) }),
  ),
  meta,
});

export const tokenCount: z.ZodType<TokenCount> = z.strictObject({
  input_tokens: count,
  max_model_len: optional(count),
  raw: z.unknown(),
  meta,
});
