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
  const { model, messages, stream_options, provider_options } = request;
  const limit = request.max_completion_tokens ?? request.max_tokens;
  const body: WireBody = { model, messages: toMessages(messages, request, quirks) };
  if (stream) body.stream = true;
  if (stream && quirks.includeUsage !== false) body.stream_options = { ...stream_options, include_usage: true };
  if (limit !== undefined) body[maxTokensField(request, quirks)] = limit;
  if (!request.tools) checkToolChoice(provider, request);
  addParameters(body, request, quirks);
  if (quirks.stripStrict && request.tools) body.tools = request.tools.map(withoutStrict);
  const adjusted = quirks.adjustBody?.(body, request, context) ?? body;
  return Object.assign(adjusted, provider_options?.[provider]);
}

function checkToolChoice(provider: string, { tool_choice }: ChatRequest): void {
  if (tool_choice === undefined || tool_choice === 'none') return;
  throw new InvalidRequestError(`${provider}: \`tool_choice\` asks for a tool, but there are no \`tools\``, {
    provider,
    path: 'tool_choice',
  });
}

/** What has a form of its own on the wire. */
const translated: ReadonlySet<string> = new Set<keyof ChatRequest>([
  'model',
  'messages',
  'max_tokens',
  'max_completion_tokens',
  'stream_options',
  'provider_options',
]);

/** Where there are no tools, servers refuse what is said of them. It asks for nothing then. */
const ofTools: ReadonlySet<string> = new Set<keyof ChatRequest>(['tool_choice', 'parallel_tool_calls']);

function addParameters(body: WireBody, request: ChatRequest, { renameParams = {} }: Quirks): void {
  for (const name of Object.keys(request) as (keyof ChatRequest)[]) {
    if (translated.has(name) || (!request.tools && ofTools.has(name))) continue;
    const wireName = Object.hasOwn(renameParams, name) ? renameParams[name] : name;
    body[wireName as string] = request[name];
  }
}

function withoutStrict(tool: Tool): Tool {
  if (tool.type !== 'function') return tool;
  const { strict: _, ...called } = tool.function;
  return { ...tool, function: called };
}

function maxTokensField(request: ChatRequest, { maxTokensField = 'max_tokens' }: Quirks): string {
  return typeof maxTokensField === 'function' ? maxTokensField(request) : maxTokensField;
}

function toMessages(messages: readonly Message[], request: ChatRequest, quirks: Quirks): unknown[] {
  const { systemRole = 'system' } = quirks;
  const role = typeof systemRole === 'function' ? systemRole(request) : systemRole;
  const named = role === 'as-is' ? messages : messages.map((message) => withSystemRole(message, role));
  return quirks.toMessages?.(named, request) ?? toOpenAIMessages(named, quirks);
}

function withSystemRole(message: Message, role: 'system' | 'developer'): Message {
  if ((message.role !== 'system' && message.role !== 'developer') || message.role === role) return message;
  return { ...message, role };
}
