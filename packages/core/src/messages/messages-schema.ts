import * as z from 'zod/mini';
import { modelField, providerOptionsField } from '../operations/request-fields.ts';

// As with completions: strict where callers write, lenient inside blocks, which come back as they were answered.

const text = z.string();
const record = z.record(text, z.unknown());
const anything = z.optional(z.unknown());

const base64 = z.looseObject({ type: z.literal('base64'), media_type: text, data: text });
const url = z.looseObject({ type: z.literal('url'), url: text });
const file = z.looseObject({ type: z.literal('file'), file_id: text });

const textBlock = z.looseObject({ type: z.literal('text'), text });
const image = z.looseObject({ type: z.literal('image'), source: z.discriminatedUnion('type', [base64, url, file]) });
const documentSource = z.discriminatedUnion('type', [
  base64,
  url,
  file,
  z.looseObject({ type: z.literal('text'), data: text }),
  z.looseObject({
    type: z.literal('content'),
    content: z.union([text, z.array(z.discriminatedUnion('type', [textBlock, image]))]),
  }),
]);
const document = z.looseObject({
  type: z.literal('document'),
  source: documentSource,
  title: z.optional(z.nullable(text)),
  context: z.optional(z.nullable(text)),
});
const searchResult = z.looseObject({
  type: z.literal('search_result'),
  source: text,
  title: text,
  content: z.array(textBlock),
});
const resultContent = z.union([
  text,
  z.array(z.discriminatedUnion('type', [textBlock, image, document, searchResult])),
]);
const toolResult = z.looseObject({
  type: z.literal('tool_result'),
  tool_use_id: text,
  content: z.optional(z.nullable(resultContent)),
  is_error: z.optional(z.boolean()),
});
const toolUse = z.looseObject({ type: z.literal('tool_use'), id: text, name: text, input: record });
const detail = z.optional(z.looseObject({ type: text }));
const thinking = z.looseObject({
  type: z.literal('thinking'),
  thinking: text,
  signature: z.optional(text),
  reasoning_detail: detail,
});
const redacted = z.looseObject({ type: z.literal('redacted_thinking'), data: text, reasoning_detail: detail });

/** What the vendor's own tools leave in a conversation. */
export const serverBlocks = [
  'server_tool_use',
  'mcp_tool_use',
  'mcp_tool_result',
  'web_search_tool_result',
  'web_fetch_tool_result',
  'code_execution_tool_result',
  'bash_code_execution_tool_result',
  'text_editor_code_execution_tool_result',
  'tool_search_tool_result',
] as const;
const serverTool = z.looseObject({ type: z.enum(serverBlocks) });

const userBlock = z.discriminatedUnion('type', [textBlock, image, document, searchResult, toolResult]);
const assistantBlock = z.discriminatedUnion('type', [textBlock, thinking, redacted, toolUse, serverTool]);
const turn = z.discriminatedUnion('role', [
  z.looseObject({ role: z.literal('user'), content: z.union([text, z.array(userBlock)]) }),
  z.looseObject({ role: z.literal('assistant'), content: z.union([text, z.array(assistantBlock)]) }),
  z.looseObject({ role: z.literal('system'), content: z.union([text, z.array(textBlock)]) }),
]);

const tool = z.union([
  z.looseObject({
    type: z.optional(z.nullable(z.literal('custom'))),
    name: text.check(z.minLength(1)),
    description: z.optional(text),
    input_schema: record,
    strict: z.optional(z.boolean()),
  }),
  // The vendor's own tools. Aborting, since of a union one that merely fails a check would be taken for what was meant.
  z.looseObject({ type: text.check(z.regex(/^(?!custom$)./, { abort: true })) }),
]);

const parallel = { disable_parallel_tool_use: z.optional(z.boolean()) };
const toolChoice = z.discriminatedUnion('type', [
  z.looseObject({ type: z.enum(['auto', 'any']), ...parallel }),
  z.looseObject({ type: z.literal('tool'), name: text, ...parallel }),
  z.looseObject({ type: z.literal('none') }),
]);

const thinkingSetting = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('enabled'), budget_tokens: z.int().check(z.minimum(1024)) }),
  z.looseObject({ type: z.enum(['adaptive', 'disabled']) }),
]);

const outputConfig = z.strictObject({
  effort: z.optional(z.nullable(z.enum(['low', 'medium', 'high', 'xhigh', 'max']))),
  format: z.optional(z.nullable(z.looseObject({ type: z.literal('json_schema'), schema: record }))),
  task_budget: anything,
});

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

export const messagesSchema = z.strictObject({
  model: modelField,
  max_tokens: z.int().check(z.positive()),
  messages: z.array(turn).check(z.minLength(1)),
  system: z.optional(z.union([text, z.array(textBlock)])),
  stream: z.optional(z.boolean()),
  temperature: z.optional(z.number().check(z.minimum(0), z.maximum(1))),
  top_p: z.optional(z.number().check(z.minimum(0), z.maximum(1))),
  top_k: z.optional(z.int().check(z.minimum(0))),
  stop_sequences: z.optional(z.array(text)),
  tools: z.optional(z.array(tool)),
  tool_choice: z.optional(toolChoice),
  thinking: z.optional(thinkingSetting),
  output_config: z.optional(outputConfig),
  metadata: z.optional(z.strictObject({ user_id: z.optional(z.nullable(text)) })),
  service_tier: z.optional(z.enum(['auto', 'standard_only'])),
  cache_control: anything,
  provider_options: providerOptionsField,
  ...refused,
});
