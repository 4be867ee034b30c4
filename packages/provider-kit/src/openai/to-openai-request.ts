import {
  type ChatRequest,
  InvalidRequestError,
  type Message,
  type ProviderContext,
  type Tool,
} from '@anyllm/core/provider';
import type { Quirks, WireBody } from './quirks.ts';
import { toOpenAIMessages } from './to-openai-messages.ts';

/**
 * Translates a request to the body of a chat-completions call. Pure but for warnings.
 * @throws InvalidRequestError for a call of tools that there are not
 */
export function toOpenAIRequest(
  provider: string,
  request: ChatRequest,
  context: ProviderContext,
  quirks: Quirks,
  stream: boolean,
): WireBody {
  const { model, messages, max_tokens, max_completion_tokens, stream_options, provider_options, ...parameters } =
    request;
  const limit = max_completion_tokens ?? max_tokens;
  const body: WireBody = {
    model,
    messages: toMessages(messages, request, quirks),
    ...(stream && { stream }),
    ...(stream && quirks.includeUsage !== false && { stream_options: { ...stream_options, include_usage: true } }),
    ...(limit !== undefined && { [maxTokensField(request, quirks)]: limit }),
    ...rename(request.tools ? parameters : withoutToolUse(provider, parameters), quirks.renameParams),
  };
  if (quirks.stripStrict && request.tools) body.tools = request.tools.map(withoutStrict);
  const adjusted = quirks.adjustBody?.(body, request, context) ?? body;
  return Object.assign(adjusted, provider_options?.[provider]);
}

/** What is said of tools is refused where there are none. It asks for nothing then, unless for a call. */
function withoutToolUse(
  provider: string,
  { tool_choice, parallel_tool_calls, ...parameters }: Partial<ChatRequest>,
): Partial<ChatRequest> {
  if (tool_choice !== undefined && tool_choice !== 'none') {
    throw new InvalidRequestError(`${provider}: \`tool_choice\` asks for a tool, but there are no \`tools\``, {
      provider,
      path: 'tool_choice',
    });
  }
  return parameters;
}

function withoutStrict(tool: Tool): Tool {
  if (tool.type !== 'function') return tool;
  const { strict: _, ...called } = tool.function;
  return { ...tool, function: called };
}

function maxTokensField(request: ChatRequest, { maxTokensField = 'max_tokens' }: Quirks): string {
  return typeof maxTokensField === 'function' ? maxTokensField(request) : maxTokensField;
}

function rename(parameters: object, names: Quirks['renameParams']): Record<string, unknown> {
  if (!names) return { ...parameters };
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [Object.hasOwn(names, name) ? names[name] : name, value]),
  );
}

function toMessages(messages: readonly Message[], request: ChatRequest, quirks: Quirks): unknown[] {
  const { systemRole = 'system' } = quirks;
  const role = typeof systemRole === 'function' ? systemRole(request) : systemRole;
  const named = messages.map((message) => withSystemRole(message, role));
  return quirks.toMessages?.(named, request) ?? toOpenAIMessages(named, quirks);
}

function withSystemRole(message: Message, role: 'system' | 'developer' | 'as-is'): Message {
  if (role === 'as-is' || (message.role !== 'system' && message.role !== 'developer')) return message;
  return { ...message, role };
}
