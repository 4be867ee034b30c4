import type { ChatRequest, Message, ProviderContext } from '@anyllm/core/provider';
import type { Quirks, WireBody } from './quirks.ts';

/** Translates a request to the body of a chat-completions call. Pure but for warnings. */
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
    ...rename(parameters, quirks.renameParams),
  };
  if (!request.tools) delete body.tool_choice; // refused without tools, and `none` is meant then anyway
  const adjusted = quirks.adjustBody?.(body, request, context) ?? body;
  return Object.assign(adjusted, provider_options?.[provider]);
}

function maxTokensField(request: ChatRequest, { maxTokensField = 'max_tokens' }: Quirks): string {
  return typeof maxTokensField === 'function' ? maxTokensField(request) : maxTokensField;
}

function rename(parameters: Record<string, unknown>, names: Quirks['renameParams']): Record<string, unknown> {
  if (!names) return parameters;
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [Object.hasOwn(names, name) ? names[name] : name, value]),
  );
}

function toMessages(messages: readonly Message[], request: ChatRequest, quirks: Quirks): unknown[] {
  const { systemRole = 'system' } = quirks;
  const role = typeof systemRole === 'function' ? systemRole(request) : systemRole;
  const named = messages.map((message) => withSystemRole(message, role));
  return quirks.toMessages?.(named, request) ?? named.map(withoutReasoning);
}

function withSystemRole(message: Message, role: 'system' | 'developer' | 'as-is'): Message {
  if (role === 'as-is' || (message.role !== 'system' && message.role !== 'developer')) return message;
  return { ...message, role };
}

/**
 * An assistant message of the schema's own fields. Reasoning is not among them (servers refuse it), and neither is
 * what an answer carries beyond the message, such as annotations.
 */
function withoutReasoning(message: Message): unknown {
  if (message.role !== 'assistant') return message;
  const { role, content, tool_calls, refusal, name, audio } = message;
  return {
    role,
    content: content ?? null,
    ...(tool_calls?.length && { tool_calls }),
    ...(refusal && { refusal }),
    ...(name && { name }),
    ...(audio && { audio: { id: audio.id } }),
  };
}
