import type { MessagesRequest } from '../contract/messages.ts';
import { modelField, providerOptionsField, unknownParameter } from '../operations/request-fields.ts';
import { byType } from '../over-chat/by-type.ts';
import { plainTool } from '../request/plain-tool.ts';
import {
  atLeast,
  atMost,
  closed,
  either,
  fits,
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
} from '../request/shape.ts';

// As with completions: strict where callers write, lenient inside blocks, which come back as they were answered.

const anything: Shape = () => fits;

const base64 = object({ media_type: text, data: text });
const url = object({ url: text });
const file = object({ file_id: text });

const textBlock = object({ text });
const image = object({ source: tagged('type', { base64, url, file }) });
const document = object({
  source: tagged('type', {
    base64,
    url,
    file,
    text: object({ data: text }),
    content: object({ content: either(text, list(tagged('type', { text: textBlock, image }))) }),
  }),
  title: optional(nullable(text)),
  context: optional(nullable(text)),
});
const search_result = object({ source: text, title: text, content: list(object({ text })) });
const shown = { text: textBlock, image, document, search_result };
const tool_result = object({
  tool_use_id: text,
  content: optional(nullable(either(text, list(tagged('type', shown))))),
  is_error: optional(flag),
});

const reasoning_detail = optional(object({ type: text }));
const serverBlock = object({});
const assistantBlock = tagged('type', {
  text: textBlock,
  thinking: object({ thinking: text, signature: optional(text), reasoning_detail }),
  redacted_thinking: object({ data: text, reasoning_detail }),
  tool_use: object({ id: text, name: text, input: record() }),
  // What the vendor's own tools leave in a conversation.
  server_tool_use: serverBlock,
  mcp_tool_use: serverBlock,
  mcp_tool_result: serverBlock,
  web_search_tool_result: serverBlock,
  web_fetch_tool_result: serverBlock,
  code_execution_tool_result: serverBlock,
  bash_code_execution_tool_result: serverBlock,
  text_editor_code_execution_tool_result: serverBlock,
  tool_search_tool_result: serverBlock,
});

const turn = tagged('role', {
  user: object({ content: either(text, list(tagged('type', { ...shown, tool_result }))) }),
  assistant: object({ content: either(text, list(assistantBlock)) }),
  system: object({ content: either(text, list(tagged('type', { text: textBlock }))) }),
});

const custom = object({
  name: nonEmpty(text),
  description: optional(text),
  input_schema: record(),
  strict: optional(flag),
});

const disable_parallel_tool_use = optional(flag);
const toolChoice = tagged('type', {
  auto: object({ disable_parallel_tool_use }),
  any: object({ disable_parallel_tool_use }),
  tool: object({ name: text, disable_parallel_tool_use }),
  none: object({}),
});

const format = tagged('type', { json_schema: object({ schema: record() }) });

/** What the shape has and other vendors have not: it is refused unless it asks for nothing. */
export const refused = {
  container: anything,
  context_management: anything,
  diagnostics: anything,
  fallbacks: anything,
  inference_geo: anything,
  mcp_servers: anything,
  speed: anything,
  user_profile_id: anything,
  workspace_id: anything,
};

const fields: Record<keyof MessagesRequest, Shape> = {
  model: modelField,
  max_tokens: positive(integer),
  messages: nonEmpty(list(turn)),
  system: optional(either(text, list(tagged('type', { text: textBlock })))),
  stream: optional(flag),
  temperature: optional(atLeast(0, atMost(1, number))),
  top_p: optional(atLeast(0, atMost(1, number))),
  top_k: optional(atLeast(0, integer)),
  stop_sequences: optional(list(text)),
  tools: optional(list(plainTool(byType({ custom }, 'custom')))),
  tool_choice: optional(toolChoice),
  thinking: optional(
    tagged('type', {
      enabled: object({ budget_tokens: atLeast(1024, integer) }),
      adaptive: object({}),
      disabled: object({}),
    }),
  ),
  output_config: optional(
    object({
      effort: optional(nullable(oneOf('low', 'medium', 'high', 'xhigh', 'max'))),
      format: optional(nullable(format)),
    }),
  ),
  metadata: optional(object({ user_id: optional(nullable(text)) })),
  service_tier: optional(oneOf('auto', 'standard_only')),
  cache_control: anything,
  provider_options: providerOptionsField,
};

export const messagesShape = closed({ ...fields, ...refused }, unknownParameter);
