import type { MessagesEvent, MessagesResult, ResponsesEvent, ResponsesResult } from '@anyllm/core';
import * as z from 'zod';
import { count, meta, optional } from './shapes.ts';

// Of the Responses API what its vendor sends besides goes through: what is declared is of its type, the rest is open.

const text = z.string();
const annotation = z.looseObject({ type: text });
const partTypes = ['output_text', 'refusal'];
const itemTypes = ['message', 'function_call', 'custom_tool_call', 'reasoning'];
const other = (known: readonly string[]) =>
  z.looseObject({ type: text }).refine(({ type }) => !known.includes(type), 'is of a type that has a shape of its own');

const part = z.union([
  z.looseObject({ type: z.literal('output_text'), text, annotations: z.array(annotation) }),
  z.looseObject({ type: z.literal('refusal'), refusal: text }),
  other(partTypes),
]);
const item = z.union([
  z.looseObject({ type: z.literal('message'), role: z.literal('assistant'), content: z.array(part) }),
  z.looseObject({ type: z.literal('function_call'), call_id: text, name: text, arguments: text }),
  z.looseObject({ type: z.literal('custom_tool_call'), call_id: text, name: text, input: text }),
  z.looseObject({
    type: z.literal('reasoning'),
    summary: z.array(z.looseObject({ type: z.literal('summary_text'), text })),
  }),
  other(itemTypes),
]);

const whole = {
  id: text,
  object: z.literal('response'),
  created_at: z.int().nonnegative(),
  status: z.enum(['completed', 'incomplete', 'failed', 'cancelled', 'in_progress', 'queued']),
  incomplete_details: z.looseObject({ reason: text }).nullable(),
  error: z.looseObject({ code: text, message: text }).nullable(),
  model: text,
  output: z.array(item),
  usage: optional(z.looseObject({ input_tokens: count, output_tokens: count, total_tokens: count }).nullable()),
};

export const response = z.looseObject({ ...whole, output_text: text, meta }) as unknown as z.ZodType<ResponsesResult>;

/** Types that are yet to come arrive too. */
export const responsesEvent = z.union([
  z.looseObject({ type: z.enum(['response.completed', 'response.incomplete']), response: z.looseObject(whole) }),
  z.looseObject({
    type: z.enum([
      'response.output_text.delta',
      'response.refusal.delta',
      'response.reasoning_text.delta',
      'response.reasoning_summary_text.delta',
      'response.function_call_arguments.delta',
      'response.custom_tool_call_input.delta',
    ]),
    delta: text,
  }),
  z.looseObject({ type: text.refine((type) => !/(completed|incomplete|text\.delta|refusal\.delta|arguments\.delta|input\.delta)$/.test(type)) }), // biome-ignore format: one line
]) as unknown as z.ZodType<ResponsesEvent>;

const detail = { reasoning_detail: optional(z.looseObject({ type: text })) };
const block = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text'), text }),
  z.strictObject({ type: z.literal('thinking'), thinking: text, signature: text, ...detail }),
  z.strictObject({ type: z.literal('redacted_thinking'), data: text, ...detail }),
  z.strictObject({ type: z.literal('tool_use'), id: text, name: text, input: z.record(z.string(), z.unknown()) }),
]);
const stop = {
  stop_reason: z
    .enum(['end_turn', 'max_tokens', 'stop_sequence', 'tool_use', 'pause_turn', 'refusal', 'model_context_window_exceeded']) // biome-ignore format: one line
    .nullable(),
  stop_sequence: text.nullable(),
  stop_details: optional(
    z.strictObject({ type: z.literal('refusal'), category: z.null(), explanation: text.nullable() }).nullable(),
  ),
};
const usage = z.strictObject({
  input_tokens: count,
  cache_creation_input_tokens: count.nullable(),
  cache_read_input_tokens: count.nullable(),
  output_tokens: count,
  output_tokens_details: optional(z.strictObject({ thinking_tokens: count })),
});
const message = {
  id: text,
  type: z.literal('message'),
  role: z.literal('assistant'),
  model: text,
  content: z.array(block),
  ...stop,
  usage,
};

export const messagesAnswer = z.strictObject({ ...message, meta }) as unknown as z.ZodType<MessagesResult>;

const index = z.int().nonnegative();
export const messagesEvent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('message_start'), message: z.strictObject(message) }),
  z.strictObject({ type: z.literal('content_block_start'), index, content_block: block }),
  z.strictObject({
    type: z.literal('content_block_delta'),
    index,
    delta: z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('text_delta'), text }),
      z.strictObject({ type: z.literal('citations_delta'), citation: annotation }),
      z.strictObject({ type: z.literal('thinking_delta'), thinking: text }),
      z.strictObject({ type: z.literal('signature_delta'), signature: text }),
      z.strictObject({ type: z.literal('input_json_delta'), partial_json: text }),
    ]),
  }),
  z.strictObject({ type: z.literal('content_block_stop'), index }),
  z.strictObject({ type: z.literal('message_delta'), delta: z.strictObject(stop), usage }),
  z.strictObject({ type: z.literal('message_stop') }),
]) as unknown as z.ZodType<MessagesEvent>;
