import type { ResponsesRequest } from '../contract/responses.ts';
import { modelField, providerOptionsField, unknownParameter } from '../operations/request-fields.ts';
import { byType } from '../over-chat/by-type.ts';
import { plainTool } from '../request/plain-tool.ts';
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
  text,
} from '../request/shape.ts';

// As with completions: strict where callers write, lenient inside items, which come back as they were answered.

const orNothing = (shape: Shape) => optional(nullable(shape));

const parts = either(text, list(object({ type: text })));
const output = object({ call_id: text, output: parts });
const item = byType(
  {
    message: object({ role: oneOf('user', 'assistant', 'system', 'developer'), content: parts }),
    function_call: object({ call_id: text, name: text, arguments: text }),
    custom_tool_call: object({ call_id: text, name: text, input: text }),
    function_call_output: output,
    custom_tool_call_output: output,
    reasoning: object({
      summary: list(object({ text })),
      content: orNothing(list(object({ text }))),
      encrypted_content: orNothing(text),
    }),
  },
  'message',
);

const name = nonEmpty(text);
const tool = byType({ function: object({ name, parameters: orNothing(record()) }), custom: object({ name }) });
const toolChoice = byType({
  function: object({ name }),
  custom: object({ name }),
  allowed_tools: object({ mode: oneOf('auto', 'required'), tools: list(record()) }),
});

const format = byType({ json_schema: object({ name: text, schema: record() }) });

const fields: Record<keyof ResponsesRequest, Shape> = {
  model: modelField,
  input: either(text, nonEmpty(list(item))),
  stream: orNothing(flag),
  instructions: orNothing(text),
  max_output_tokens: orNothing(positive(integer)),
  temperature: orNothing(atLeast(0, number)),
  top_p: orNothing(atLeast(0, atMost(1, number))),
  reasoning: orNothing(
    object({ effort: orNothing(oneOf('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max')) }),
  ),
  text: optional(object({ format: optional(format), verbosity: orNothing(oneOf('low', 'medium', 'high')) })),
  tools: optional(list(plainTool(tool))),
  tool_choice: optional(either(oneOf('none', 'auto', 'required'), toolChoice)),
  parallel_tool_calls: orNothing(flag),
  max_tool_calls: orNothing(positive(integer)),
  store: orNothing(flag),
  previous_response_id: orNothing(text),
  conversation: orNothing(either(text, object({ id: text }))),
  background: orNothing(flag),
  prompt: orNothing(record()),
  context_management: orNothing(list(record())),
  include: orNothing(list(text)),
  top_logprobs: orNothing(atLeast(0, atMost(20, integer))),
  truncation: orNothing(oneOf('auto', 'disabled')),
  metadata: orNothing(record(text)),
  service_tier: orNothing(text),
  safety_identifier: orNothing(text),
  prompt_cache_key: orNothing(text),
  prompt_cache_options: optional(record()),
  prompt_cache_retention: orNothing(text),
  moderation: orNothing(record()),
  user: optional(text),
  stream_options: orNothing(record()),
  provider_options: providerOptionsField,
};

export const responsesShape = closed(fields, unknownParameter);
