import {
  AnyLLMError,
  type CallMeta,
  type ChatCompletion,
  type ChatCompletionChunk,
  type EmbeddingResult,
  type ListedModel,
  type ModerationResult,
} from '@anyllm/core';
import type { BatchJob, BatchResult } from '@anyllm/core/batch';
import * as z from 'zod';

// The public types as checks at run time: strict, so that nothing of a server's gets through beside what is declared.

export const count = z.number().nonnegative();
const index = z.int().nonnegative();
export const optional = <T extends z.ZodType>(type: T) => z.exactOptional(type);

const warnings = z.array(
  z.strictObject({
    code: z.enum(['parameter_dropped', 'parameter_adjusted', 'finish_reason_missing', 'content_after_finish', 'usage_dropped', 'other']), // biome-ignore format: one line
    parameter: optional(z.string()),
    message: z.string(),
  }),
);
export const meta: z.ZodType<CallMeta> = z.custom<CallMeta>(
  (value) =>
    z
      .object({
        provider: z.string(),
        model: z.string(),
        attempts: z.array(z.object({ durationMs: count })),
        queueMs: count,
        totalMs: count,
        warnings,
      })
      .safeParse(value).success,
);

const counts = <Names extends string>(names: readonly Names[]) =>
  z.strictObject(Object.fromEntries(names.map((name) => [name, optional(count)])) as Record<Names, z.ZodExactOptional<typeof count>>); // biome-ignore format: one line
const usage = z.strictObject({
  prompt_tokens: count,
  completion_tokens: count,
  total_tokens: count,
  prompt_tokens_details: optional(counts(['cached_tokens', 'cache_write_tokens', 'audio_tokens'])),
  completion_tokens_details: optional(
    counts(['reasoning_tokens', 'audio_tokens', 'accepted_prediction_tokens', 'rejected_prediction_tokens']),
  ),
});

const token = { token: z.string(), logprob: z.number(), bytes: z.array(z.number()).nullable() };
const tokens = z.array(z.strictObject({ ...token, top_logprobs: z.array(z.strictObject(token)) })).nullable();
const logprobs = optional(z.strictObject({ content: tokens, refusal: optional(tokens) }).nullable());

const toolCall = z.discriminatedUnion('type', [
  z.strictObject({
    id: z.string(),
    type: z.literal('function'),
    function: z.strictObject({ name: z.string(), arguments: z.string() }),
  }),
  z.strictObject({
    id: z.string(),
    type: z.literal('custom'),
    custom: z.strictObject({ name: z.string(), input: z.string() }),
  }),
]);
const reasoningDetails = z.array(
  z.looseObject({ type: z.string(), text: optional(z.string()), signature: optional(z.string()) }),
);
const annotations = z.array(z.looseObject({ type: z.string() }));
const audio = { id: z.string(), data: z.string(), transcript: z.string() };
const expires = { expires_at: optional(z.number()) };

const finishReason = z.enum(['stop', 'length', 'tool_calls', 'content_filter']);
const ending = { raw_finish_reason: optional(z.string()), logprobs };
const head = {
  id: z.string(),
  created: z.int().nonnegative(),
  model: z.string(),
  service_tier: optional(z.string()),
  system_fingerprint: optional(z.string()),
};

export const chatCompletion: z.ZodType<ChatCompletion> = z.strictObject({
  ...head,
  object: z.literal('chat.completion'),
  choices: z
    .array(
      z.strictObject({
        index,
        text: z.string(),
        message: z.strictObject({
          role: z.literal('assistant'),
          content: z.string().nullable(),
          refusal: optional(z.string()),
          tool_calls: optional(z.array(toolCall)),
          reasoning: optional(z.string()),
          reasoning_details: optional(reasoningDetails),
          annotations: optional(annotations),
          audio: optional(z.strictObject({ ...audio, ...expires })),
        }),
        finish_reason: finishReason,
        ...ending,
      }),
    )
    .min(1),
  text: z.string(),
  usage: optional(usage),
  meta,
});

export const chatChunk: z.ZodType<ChatCompletionChunk> = z.strictObject({
  ...head,
  object: z.literal('chat.completion.chunk'),
  choices: z.array(
    z.strictObject({
      index,
      delta: z.strictObject({
        role: optional(z.literal('assistant')),
        content: optional(z.string().nullable()),
        refusal: optional(z.string().nullable()),
        reasoning: optional(z.string().nullable()),
        reasoning_details: optional(reasoningDetails),
        tool_calls: optional(
          z.array(
            z.strictObject({
              index,
              id: optional(z.string()),
              type: optional(z.enum(['function', 'custom'])),
              function: optional(z.strictObject({ name: optional(z.string()), arguments: optional(z.string()) })),
              custom: optional(z.strictObject({ name: optional(z.string()), input: optional(z.string()) })),
            }),
          ),
        ),
        annotations: optional(annotations),
        audio: optional(z.strictObject({ id: optional(audio.id), data: optional(audio.data), transcript: optional(audio.transcript), ...expires })), // biome-ignore format: one line
      }),
      finish_reason: finishReason.nullable(),
      ...ending,
    }),
  ),
  usage: optional(usage.nullable()),
});

export const embeddings: z.ZodType<EmbeddingResult> = z.strictObject({
  object: z.literal('list'),
  model: z.string(),
  data: z.array(z.strictObject({ object: z.literal('embedding'), index, embedding: z.array(z.number()).min(1) })),
  usage: optional(z.strictObject({ prompt_tokens: count, total_tokens: count })),
  meta,
});

export const listedModels: z.ZodType<ListedModel[]> = z.array(
  z.strictObject({
    object: z.literal('model'),
    id: z.string().min(1),
    model: z.string(),
    created: optional(z.int()),
    owned_by: optional(z.string()),
    name: optional(z.string()),
    context_length: optional(z.int().positive()),
    max_output_tokens: optional(z.int().positive()),
    capabilities: optional(z.array(z.string())),
    raw: z.unknown(),
  }),
);

export const moderations: z.ZodType<ModerationResult> = z.strictObject({
  id: optional(z.string()),
  model: z.string(),
  results: z.array(
    z.strictObject({
      flagged: z.boolean(),
      categories: z.record(z.string(), z.boolean().nullable()),
      category_scores: z.record(z.string(), z.number()),
      category_applied_input_types: optional(z.record(z.string(), z.array(z.string()))),
    }),
  ),
  meta,
});

const seconds = z.int().nonnegative();

export const batch: z.ZodType<BatchJob> = z.strictObject({
  id: z.string(),
  object: z.literal('batch'),
  provider: z.string(),
  status: z.enum(['validating', 'in_progress', 'finalizing', 'completed', 'failed', 'expired', 'cancelling', 'cancelled']), // biome-ignore format: one line
  created_at: seconds,
  ended_at: optional(seconds),
  expires_at: optional(seconds),
  model: optional(z.string()),
  request_counts: z.strictObject({ total: count, completed: count, failed: count }),
  errors: optional(z.array(z.strictObject({ message: z.string(), code: optional(z.string()), line: optional(z.number()) }))), // biome-ignore format: one line
  metadata: optional(z.record(z.string(), z.string())),
  result_file_ids: z.array(z.string()),
  warnings,
});

export const batchResults: z.ZodType<BatchResult[]> = z.array(
  z.discriminatedUnion('status', [
    z.strictObject({ custom_id: z.string(), status: z.literal('fulfilled'), value: chatCompletion }),
    z.strictObject({ custom_id: z.string(), status: z.literal('rejected'), reason: z.custom<AnyLLMError>(isOurs) }),
  ]),
);

function isOurs(error: unknown): boolean {
  return AnyLLMError.isInstance(error);
}
