import * as z from 'zod/mini';
import { modelField, providerOptionsField } from '../operations/request-fields.ts';

// As with completions: strict where callers write, lenient inside items, which come back as they were answered.

const text = z.string();
const record = z.record(text, z.unknown());
const orNothing = <Schema extends z.ZodMiniType>(schema: Schema) => z.optional(z.nullable(schema));
const call = { call_id: text, name: text };

const known = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('function_call'), ...call, arguments: text }),
  z.looseObject({ type: z.literal('custom_tool_call'), ...call, input: text }),
  z.looseObject({
    type: z.enum(['function_call_output', 'custom_tool_call_output']),
    call_id: text,
    output: z.union([text, z.array(z.looseObject({ type: text }))]),
  }),
  z.looseObject({
    type: z.literal('reasoning'),
    summary: z.array(z.looseObject({ text })),
    content: orNothing(z.array(z.looseObject({ text }))),
    encrypted_content: orNothing(text),
  }),
  z.looseObject({
    type: z._default(z.literal('message'), 'message'),
    role: z.enum(['user', 'assistant', 'system', 'developer']),
    content: z.union([text, z.array(z.looseObject({ type: text }))]),
  }),
]);

// Aborting, since of a union one that merely fails a check would be taken for what the caller meant.
const otherThan = (types: string) => z.string().check(z.regex(new RegExp(`^(?!(${types})$).`), { abort: true }));

/** Of other types, each vendor knows its own. */
const other = z.looseObject({
  type: otherThan('message|function_call|custom_tool_call|function_call_output|custom_tool_call_output|reasoning'),
});

const tool = z.union([
  z.looseObject({ type: z.literal('function'), name: text.check(z.minLength(1)), parameters: orNothing(record) }),
  z.looseObject({ type: z.literal('custom'), name: text.check(z.minLength(1)) }),
  z.looseObject({ type: otherThan('function|custom') }),
]);

const format = z.discriminatedUnion('type', [
  z.looseObject({ type: z.enum(['text', 'json_object']) }),
  z.looseObject({ type: z.literal('json_schema'), name: text, schema: record }),
]);

const settings = z.looseObject({
  effort: orNothing(z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'])),
});

export const responsesSchema = z.strictObject({
  model: modelField,
  input: z.union([text, z.array(z.union([known, other])).check(z.minLength(1))]),
  stream: orNothing(z.boolean()),
  instructions: orNothing(text),
  max_output_tokens: orNothing(z.int().check(z.positive())),
  temperature: orNothing(z.number().check(z.minimum(0))),
  top_p: orNothing(z.number().check(z.minimum(0), z.maximum(1))),
  reasoning: orNothing(settings),
  text: z.optional(
    z.looseObject({ format: z.optional(format), verbosity: orNothing(z.enum(['low', 'medium', 'high'])) }),
  ),
  tools: z.optional(z.array(tool)),
  tool_choice: z.optional(z.union([z.enum(['none', 'auto', 'required']), z.looseObject({ type: text })])),
  parallel_tool_calls: orNothing(z.boolean()),
  max_tool_calls: orNothing(z.int().check(z.positive())),
  store: orNothing(z.boolean()),
  previous_response_id: orNothing(text),
  conversation: orNothing(z.union([text, z.looseObject({ id: text })])),
  background: orNothing(z.boolean()),
  prompt: orNothing(record),
  context_management: orNothing(z.array(record)),
  include: orNothing(z.array(text)),
  top_logprobs: orNothing(z.int().check(z.minimum(0), z.maximum(20))),
  truncation: orNothing(z.enum(['auto', 'disabled'])),
  metadata: orNothing(z.record(text, text)),
  service_tier: orNothing(text),
  safety_identifier: orNothing(text),
  prompt_cache_key: orNothing(text),
  prompt_cache_options: z.optional(record),
  prompt_cache_retention: orNothing(text),
  moderation: orNothing(record),
  user: z.optional(text),
  stream_options: orNothing(record),
  provider_options: providerOptionsField,
});
