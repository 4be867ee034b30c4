import type { CompletionParameters, ResponseFormat, Tool, ToolChoice } from '../contract/chat-request.ts';
import type {
  ResponsesFormat,
  ResponsesFunctionTool,
  ResponsesParameters,
  ResponsesTool,
  ResponsesToolChoice,
} from '../contract/responses.ts';
import type { ChatQuestion } from '../over-chat/ask-over-chat.ts';
import { Losses, noCounterpart } from '../over-chat/losses.ts';
import { toChatMessages } from './to-chat-messages.ts';

/**
 * A Responses request as one for chat, which keeps nothing at the vendor.
 * @throws UnsupportedParameterError for what chat has no counterpart of
 */
export function toChatRequest(parameters: ResponsesParameters): ChatQuestion {
  refuseUnknown(parameters);
  const losses = new Losses();
  noteLosses(parameters, losses);
  const { max_output_tokens, reasoning, text, provider_options } = parameters;
  const request = {
    messages: toChatMessages(parameters, losses),
    ...sameNames(parameters),
    ...defined({ max_completion_tokens: max_output_tokens }),
    ...defined({ reasoning_effort: reasoning?.effort, verbosity: text?.verbosity }),
    ...toTools(parameters),
    ...(text?.format && text.format.type !== 'text' && { response_format: toFormat(text.format) }),
    ...(provider_options && { provider_options }),
  };
  return { request, warnings: losses.warnings };
}

/** What needs the vendor's memory or its own tools. Nothing and `false` ask for none of it. */
const nativeOnly = [
  'background',
  'context_management',
  'conversation',
  'moderation',
  'previous_response_id',
  'prompt',
  'top_logprobs',
] as const;

function refuseUnknown(parameters: ResponsesParameters): void {
  const parameter = nativeOnly.find((name) => parameters[name]);
  if (parameter) throw noCounterpart(parameter);
  const logprobs = parameters.include?.indexOf('message.output_text.logprobs') ?? -1;
  if (logprobs !== -1) throw noCounterpart(`include[${logprobs}]`, 'log probabilities of a response');
}

function noteLosses({ store, truncation, max_tool_calls, reasoning }: ResponsesParameters, losses: Losses): void {
  if (store) losses.drop('store', 'chat completions are not kept');
  if (truncation === 'auto') losses.drop('truncation', 'a conversation that is too long is an error');
  if (max_tool_calls) losses.drop('max_tool_calls', "it is about the vendor's own tools");
  for (const [name, value] of Object.entries(reasoning ?? {})) {
    if (name === 'effort' || value === null || value === undefined) continue;
    losses.drop(`reasoning.${name}`, 'what is shown of the reasoning is up to the vendor');
  }
}

/** What chat has by the same name. */
const shared = [
  'temperature',
  'top_p',
  'metadata',
  'service_tier',
  'safety_identifier',
  'prompt_cache_key',
  'prompt_cache_options',
  'prompt_cache_retention',
  'user',
] as const satisfies (keyof ResponsesParameters & keyof CompletionParameters)[];

function sameNames(parameters: ResponsesParameters): Partial<CompletionParameters> {
  return defined(Object.fromEntries(shared.map((name) => [name, parameters[name]])));
}

function defined<Value extends object>(values: Value): { [Name in keyof Value]?: NonNullable<Value[Name]> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(entries) as { [Name in keyof Value]?: NonNullable<Value[Name]> };
}

type ToolUse = Pick<CompletionParameters, 'tools' | 'tool_choice' | 'parallel_tool_calls'>;

function toTools({ tools = [], tool_choice, parallel_tool_calls }: ResponsesParameters): ToolUse {
  const { tools: allowed, choice } = toChoice(tool_choice, tools.map(toTool));
  return {
    ...(allowed.length > 0 && { tools: allowed }),
    ...(choice !== undefined && { tool_choice: choice }),
    ...(allowed.length > 0 && defined({ parallel_tool_calls })),
  };
}

function toTool(tool: ResponsesTool, at: number): Tool {
  if (isFunction(tool)) {
    const { name, description, parameters, strict } = tool;
    return { type: 'function', function: { name, ...defined({ description, parameters, strict }) } };
  }
  if (tool.type !== 'custom') throw noCounterpart(`tools[${at}]`, `the vendor's own tool \`${tool.type}\``);
  const { name, description, format } = tool as {
    name: string;
    description?: string;
    format?: Record<string, unknown>;
  };
  return { type: 'custom', custom: { name, ...defined({ description, format: format && toGrammar(format) }) } };
}

function isFunction(tool: ResponsesTool): tool is ResponsesFunctionTool {
  return tool.type === 'function';
}

/** Flat here, nested in chat. */
function toGrammar({ type, ...grammar }: Record<string, unknown>): Record<string, unknown> {
  return type === 'grammar' ? { type, grammar } : { type, ...grammar };
}

function toChoice(choice: ResponsesToolChoice | undefined, tools: Tool[]): { tools: Tool[]; choice?: ToolChoice } {
  if (choice === undefined) return { tools };
  if (typeof choice === 'string') return { tools, choice };
  const { type, name, mode, tools: allowed } = choice as Record<string, unknown>;
  switch (type) {
    case 'function':
      return { tools, choice: { type, function: { name: String(name) } } };
    case 'custom':
      return { tools, choice: { type, custom: { name: String(name) } } };
    case 'allowed_tools':
      return { tools: onlyNamed(tools, allowed), choice: mode === 'required' ? 'required' : 'auto' };
    default:
      throw noCounterpart('tool_choice', `the tool choice \`${type}\``);
  }
}

function onlyNamed(tools: Tool[], allowed: unknown): Tool[] {
  const named = Array.isArray(allowed) ? allowed.map((tool: { name?: unknown }) => tool.name) : [];
  return tools.filter((tool) => named.includes(tool.type === 'function' ? tool.function.name : tool.custom.name));
}

function toFormat(format: ResponsesFormat): ResponseFormat {
  if (format.type !== 'json_schema') return format;
  const { type, name, schema, description, strict } = format;
  return { type, json_schema: { name, schema, ...defined({ description, strict }) } };
}
