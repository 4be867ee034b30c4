import type { ReasoningEffort, ResponseFormat, Tool, ToolChoice } from '../contract/chat-request.ts';
import type { MessagesParameters, MessagesThinking, MessagesTool, MessagesToolChoice } from '../contract/messages.ts';
import type { ChatQuestion } from '../over-chat/ask-over-chat.ts';
import { Losses, noCounterpart } from '../over-chat/losses.ts';
import { refused } from './messages-shape.ts';
import { noteCacheControl, toChatMessages } from './to-chat-messages.ts';

/**
 * A Messages request as one for chat.
 * @throws UnsupportedParameterError for what chat has no counterpart of
 */
export function toChatRequest(parameters: MessagesParameters): ChatQuestion {
  refuseUnknown(parameters);
  const losses = new Losses();
  const { max_tokens, temperature, top_p, stop_sequences, provider_options, tools = [] } = parameters;
  noteLosses(parameters, losses);
  const request = {
    messages: toChatMessages(parameters, losses),
    max_tokens,
    ...(temperature !== undefined && { temperature }),
    ...(top_p !== undefined && { top_p }),
    ...(stop_sequences?.length && { stop: stop_sequences }),
    ...(tools.length > 0 && { tools: tools.map((tool, at) => toTool(tool, at, losses)) }),
    ...toChoice(parameters.tool_choice),
    ...toEffort(parameters),
    ...toFormat(parameters),
    ...(parameters.metadata?.user_id && { user: parameters.metadata.user_id }),
    ...(parameters.service_tier && { service_tier: tiers[parameters.service_tier] }),
    ...(provider_options && { provider_options }),
  };
  return { request, warnings: losses.warnings };
}

const tiers = { auto: 'auto', standard_only: 'default' };

function refuseUnknown(parameters: MessagesParameters): void {
  const fields = parameters as unknown as Record<string, unknown>;
  const parameter = Object.keys(refused).find((name) => (fields[name] ?? undefined) !== undefined);
  if (parameter) throw noCounterpart(parameter);
}

function noteLosses(parameters: MessagesParameters, losses: Losses): void {
  const { top_k, thinking, output_config } = parameters;
  noteCacheControl(parameters, losses);
  if (top_k !== undefined)
    losses.drop('top_k', 'chat completions have none; a vendor may take it in `provider_options`');
  if (thinking && 'display' in thinking && thinking.display) {
    losses.drop('thinking.display', 'what is shown of the reasoning is up to the vendor');
  }
  if (output_config && 'task_budget' in output_config) {
    losses.drop('output_config.task_budget', 'chat completions have none');
  }
}

/** What only hints at how the vendor's servers may go about it. */
const hints = ['input_examples', 'eager_input_streaming', 'defer_loading', 'allowed_callers'] as const;

function toTool(tool: MessagesTool, at: number, losses: Losses): Tool {
  const { type, name, description, input_schema: parameters, strict } = tool;
  if (type && type !== 'custom') throw noCounterpart(`tools[${at}]`, `the vendor's own tool \`${type}\``);
  noteCacheControl(tool, losses);
  const hint = hints.find((field) => tool[field]);
  if (hint) losses.drop(`tools[${at}].${hint}`, 'chat completions have none');
  const called = { name, ...(description !== undefined && { description }), parameters };
  return { type: 'function', function: { ...called, ...(strict !== undefined && { strict }) } };
}

function toChoice(choice: MessagesToolChoice | undefined): { tool_choice?: ToolChoice; parallel_tool_calls?: boolean } {
  if (!choice) return {};
  const single = 'disable_parallel_tool_use' in choice && choice.disable_parallel_tool_use;
  return { tool_choice: toToolChoice(choice), ...(single && { parallel_tool_calls: false }) };
}

function toToolChoice(choice: MessagesToolChoice): ToolChoice {
  switch (choice.type) {
    case 'tool':
      return { type: 'function', function: { name: choice.name } };
    case 'any':
      return 'required';
    default:
      return choice.type;
  }
}

function toEffort({ thinking, output_config }: MessagesParameters): { reasoning_effort?: ReasoningEffort } {
  const effort = output_config?.effort ?? (thinking && effortOf(thinking));
  return effort ? { reasoning_effort: effort } : {};
}

/** The budgets up to which an effort is meant, in tokens. */
const budgets: [ReasoningEffort, number][] = [
  ['minimal', 1024],
  ['low', 2048],
  ['medium', 8192],
  ['high', 24_576],
  ['xhigh', Infinity],
];

function effortOf(thinking: MessagesThinking): ReasoningEffort | undefined {
  if (thinking.type === 'disabled') return 'none';
  if (thinking.type === 'adaptive') return undefined;
  return budgets.find(([, most]) => thinking.budget_tokens <= most)?.[0];
}

function toFormat({ output_config }: MessagesParameters): { response_format?: ResponseFormat } {
  const schema = output_config?.format?.schema;
  if (!schema) return {};
  const title = typeof schema.title === 'string' ? schema.title.replaceAll(/[^A-Za-z0-9_-]+/g, '_').slice(0, 64) : '';
  return { response_format: { type: 'json_schema', json_schema: { name: title || 'structured_output', schema } } };
}
