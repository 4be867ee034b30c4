import * as z from 'zod/mini';
import type { CompletionRequest } from '../contract/chat-request.ts';

// Strict where callers write (a misspelt parameter is an error), lenient inside messages and tools: what a model
// answered may be sent back with whatever its vendor added, and a translator reads only what it knows.

const text = z.string();
const record = z.record(z.string(), z.unknown());
const part = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text'), text }),
  z.looseObject({ type: z.literal('refusal'), refusal: text }),
  z.looseObject({
    type: z.literal('image_url'),
    image_url: z.looseObject({ url: text, detail: z.optional(z.enum(['auto', 'low', 'high'])) }),
  }),
  z.looseObject({ type: z.literal('input_audio'), input_audio: z.looseObject({ data: text, format: text }) }),
  z.looseObject({
    type: z.literal('file'),
    file: z.looseObject({ file_id: z.optional(text), file_data: z.optional(text), filename: z.optional(text) }),
  }),
]);
const content = z.union([text, z.array(part)]);

const toolCall = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('function'), id: text, function: z.looseObject({ name: text, arguments: text }) }),
  z.looseObject({ type: z.literal('custom'), id: text, custom: z.looseObject({ name: text, input: text }) }),
]);

const message = z.discriminatedUnion('role', [
  z.looseObject({ role: z.enum(['system', 'developer', 'user']), content, name: z.optional(text) }),
  z.looseObject({
    role: z.literal('assistant'),
    content: z.optional(z.nullable(content)),
    tool_calls: z.optional(z.array(toolCall)),
    refusal: z.optional(z.nullable(text)),
    reasoning: z.optional(z.nullable(text)),
    reasoning_details: z.optional(z.array(z.looseObject({ type: text }))),
    name: z.optional(text),
  }),
  z.looseObject({ role: z.literal('tool'), tool_call_id: text, content, name: z.optional(text) }),
]);

const tool = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('function'),
    function: z.looseObject({
      name: text.check(z.minLength(1)),
      description: z.optional(text),
      parameters: z.optional(record),
      strict: z.optional(z.nullable(z.boolean())),
    }),
  }),
  z.looseObject({
    type: z.literal('custom'),
    custom: z.looseObject({
      name: text.check(z.minLength(1)),
      description: z.optional(text),
      format: z.optional(record),
    }),
  }),
]);

const toolChoice = z.union([
  z.enum(['none', 'auto', 'required']),
  z.looseObject({ type: z.literal('function'), function: z.looseObject({ name: text }) }),
  z.looseObject({ type: z.literal('custom'), custom: z.looseObject({ name: text }) }),
]);

const responseFormat = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text') }),
  z.looseObject({ type: z.literal('json_object') }),
  z.looseObject({
    type: z.literal('json_schema'),
    json_schema: z.looseObject({
      name: text,
      description: z.optional(text),
      schema: z.optional(record),
      strict: z.optional(z.nullable(z.boolean())),
    }),
  }),
]);

const positiveInteger = z.int().check(z.positive());

/** Each field's schema by its name. */
export const requestShape = {
  model: z.union([text, z.array(text).check(z.minLength(1))]),
  prompt: z.optional(text),
  messages: z.optional(z.array(message)),
  stream: z.optional(z.boolean()),
  max_tokens: z.optional(positiveInteger),
  max_completion_tokens: z.optional(positiveInteger),
  temperature: z.optional(z.number().check(z.minimum(0))),
  top_p: z.optional(z.number().check(z.minimum(0), z.maximum(1))),
  stop: z.optional(z.nullable(z.union([text, z.array(text)]))),
  seed: z.optional(z.int()),
  frequency_penalty: z.optional(z.number()),
  presence_penalty: z.optional(z.number()),
  logit_bias: z.optional(z.record(z.string(), z.number())),
  logprobs: z.optional(z.boolean()),
  top_logprobs: z.optional(z.int().check(z.minimum(0), z.maximum(20))),
  n: z.optional(positiveInteger),
  tools: z.optional(z.array(tool)),
  tool_choice: z.optional(toolChoice),
  parallel_tool_calls: z.optional(z.boolean()),
  response_format: z.optional(responseFormat),
  reasoning_effort: z.optional(z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'])),
  verbosity: z.optional(z.enum(['low', 'medium', 'high'])),
  modalities: z.optional(z.array(text)),
  audio: z.optional(z.looseObject({ format: text })),
  prediction: z.optional(z.looseObject({ type: z.literal('content'), content })),
  web_search_options: z.optional(record),
  service_tier: z.optional(text),
  store: z.optional(z.boolean()),
  metadata: z.optional(z.record(z.string(), text)),
  prompt_cache_key: z.optional(text),
  prompt_cache_options: z.optional(record),
  prompt_cache_retention: z.optional(text),
  safety_identifier: z.optional(text),
  user: z.optional(text),
  moderation: z.optional(record),
  stream_options: z.optional(
    z.looseObject({ include_usage: z.optional(z.boolean()), include_obfuscation: z.optional(z.boolean()) }),
  ),
  provider_options: z.optional(z.record(z.string(), record)),
};

export const requestSchema = z.strictObject(requestShape);

// The schema and the hand-written type name the same parameters: a field missing on either side fails to compile.
type SameKeys<A, B> = [Exclude<keyof A, keyof B>, Exclude<keyof B, keyof A>] extends [never, never] ? true : never;
true satisfies SameKeys<z.infer<typeof requestSchema>, CompletionRequest>;
