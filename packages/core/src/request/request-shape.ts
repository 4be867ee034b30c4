import type { CompletionRequest } from '../contract/chat-request.ts';
import { plainTool } from './plain-tool.ts';
import {
  atLeast,
  atMost,
  closed,
  either,
  flag,
  integer,
  list,
  nonEmpty,
  nullable,
  number,
  object,
  oneOf,
  optional,
  positive,
  record,
  type Shape,
  tagged,
  text,
} from './shape.ts';

// Strict where callers write (a misspelt parameter is an error), lenient inside messages and tools: what a model
// answered may be sent back with whatever its vendor added, and a translator reads only what it knows.

const part = tagged('type', {
  text: object({ text }),
  refusal: object({ refusal: text }),
  image_url: object({ image_url: object({ url: text, detail: optional(oneOf('auto', 'low', 'high')) }) }),
  input_audio: object({ input_audio: object({ data: text, format: text }) }),
  file: object({ file: object({ file_id: optional(text), file_data: optional(text), filename: optional(text) }) }),
});
const content = either(text, list(part));

const toolCall = tagged('type', {
  function: object({ id: text, function: object({ name: text, arguments: text }) }),
  custom: object({ id: text, custom: object({ name: text, input: text }) }),
});

const instruction = object({ content, name: optional(text) });
export const messageShape = tagged('role', {
  system: instruction,
  developer: instruction,
  user: instruction,
  assistant: object({
    content: optional(nullable(content)),
    tool_calls: optional(list(toolCall)),
    refusal: optional(nullable(text)),
    reasoning: optional(nullable(text)),
    reasoning_details: optional(list(object({ type: text }))),
    name: optional(text),
  }),
  tool: object({ tool_call_id: text, content, name: optional(text) }),
});

const tool = tagged('type', {
  function: object({
    function: object({
      name: nonEmpty(text),
      description: optional(text),
      parameters: optional(record()),
      strict: optional(nullable(flag)),
    }),
  }),
  custom: object({
    custom: object({ name: nonEmpty(text), description: optional(text), format: optional(record()) }),
  }),
});

export const toolShape = plainTool(tool);

const toolChoice = either(
  oneOf('none', 'auto', 'required'),
  tagged('type', {
    function: object({ function: object({ name: text }) }),
    custom: object({ custom: object({ name: text }) }),
  }),
);

const responseFormat = tagged('type', {
  text: object({}),
  json_object: object({}),
  json_schema: object({
    json_schema: object({
      name: text,
      description: optional(text),
      schema: optional(record()),
      strict: optional(nullable(flag)),
    }),
  }),
});

// One for each field of the hand-written type: a field missing on either side fails to compile.
const fields: Record<keyof CompletionRequest, Shape> = {
  model: either(text, nonEmpty(list(text))),
  prompt: optional(text),
  messages: optional(list(messageShape)),
  stream: optional(flag),
  max_tokens: optional(positive(integer)),
  max_completion_tokens: optional(positive(integer)),
  temperature: optional(atLeast(0, number)),
  top_p: optional(atLeast(0, atMost(1, number))),
  stop: optional(nullable(either(text, list(text)))),
  seed: optional(integer),
  frequency_penalty: optional(number),
  presence_penalty: optional(number),
  logit_bias: optional(record(number)),
  logprobs: optional(flag),
  top_logprobs: optional(atLeast(0, atMost(20, integer))),
  n: optional(positive(integer)),
  tools: optional(list(toolShape)),
  tool_choice: optional(toolChoice),
  parallel_tool_calls: optional(flag),
  response_format: optional(responseFormat),
  reasoning_effort: optional(oneOf('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max')),
  verbosity: optional(oneOf('low', 'medium', 'high')),
  modalities: optional(list(text)),
  audio: optional(object({ format: text })),
  prediction: optional(tagged('type', { content: object({ content }) })),
  web_search_options: optional(record()),
  service_tier: optional(text),
  store: optional(flag),
  metadata: optional(record(text)),
  prompt_cache_key: optional(text),
  prompt_cache_options: optional(record()),
  prompt_cache_retention: optional(text),
  safety_identifier: optional(text),
  user: optional(text),
  moderation: optional(record()),
  stream_options: optional(object({ include_usage: optional(flag), include_obfuscation: optional(flag) })),
  provider_options: optional(record(record())),
};

const replacements: Readonly<Record<string, string>> = {
  functions: '`tools`',
  function_call: '`tool_choice`',
  maxTokens: '`max_tokens`',
  systemPrompt: 'a message of role `system`',
  system: 'a message of role `system`',
  timeout: 'the second argument, the options',
  signal: 'the second argument, the options',
};

function unknownField(name: string): string {
  const instead = Object.hasOwn(replacements, name) ? replacements[name] : undefined;
  const hint = instead ? `use ${instead}` : 'vendor-only fields go in `provider_options`';
  return `is not a known parameter; ${hint}`;
}

/** A request, field by field; that it has exactly one of `prompt` and `messages` is left to be asked. */
export const requestShape = closed(fields, unknownField);
