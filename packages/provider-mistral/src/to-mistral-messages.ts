import {
  type AssistantMessage,
  type ChatRequest,
  type Message,
  type ToolCall,
  type ToolMessage,
  UnsupportedParameterError,
} from '@anyllm/core/provider';
import { isReasoningModel } from './reasoning-model.ts';
import { type MistralPart, toMistralContent } from './to-mistral-content.ts';
import { toToolCallId } from './tool-call-id.ts';

type WireMessage = { role: string } & Record<string, unknown>;

/**
 * A conversation by Mistral's rules: after a tool result only the assistant speaks, an assistant says something, tool
 * results name their tool, and what a reasoning model thought goes back to it.
 */
export function toMistralMessages(messages: readonly Message[], request: Pick<ChatRequest, 'model'>): unknown[] {
  const names = toolNames(messages);
  const reasons = isReasoningModel(request.model);
  const wire = messages.map((message, at) => toMistralMessage(message, { at, names, reasons }));
  return withAnswersToTools(wire.filter((message) => message !== undefined));
}

interface Context {
  at: number;
  names: ReadonlyMap<string, string>;
  reasons: boolean;
}

function toMistralMessage(message: Message, context: Context): WireMessage | undefined {
  switch (message.role) {
    case 'assistant':
      return toAssistant(message, context);
    case 'tool':
      return toToolResult(message, context);
    default:
      return { role: message.role, content: toMistralContent(message.content) };
  }
}

/** Nothing for an assistant that said nothing: Mistral refuses it. */
function toAssistant(message: AssistantMessage & { prefix?: unknown }, context: Context): WireMessage | undefined {
  const content = toAssistantContent(message, context.reasons);
  const calls = message.tool_calls?.map((call) => toToolCall(call, context.at)) ?? [];
  if (content.length === 0 && calls.length === 0) return undefined;
  return {
    role: 'assistant',
    content,
    ...(calls.length > 0 && { tool_calls: calls }),
    ...(message.prefix === true && { prefix: true }),
  };
}

function toAssistantContent(message: AssistantMessage, reasons: boolean): string | MistralPart[] {
  const said = toMistralContent(message.content || message.refusal || '');
  const thought = reasons ? toThinking(message) : [];
  if (thought.length === 0) return said;
  return [...thought, ...(typeof said === 'string' ? toText(said) : said)];
}

function toText(text: string): MistralPart[] {
  return text === '' ? [] : [{ type: 'text', text }];
}

function toThinking({ reasoning, reasoning_details = [] }: AssistantMessage): MistralPart[] {
  const details = reasoning_details.filter(({ text, signature }) => text || signature);
  const pieces = details.length > 0 ? details : reasoning ? [{ text: reasoning }] : [];
  return pieces.map(({ text = '', signature, format }: { text?: string; signature?: string; format?: unknown }) => ({
    type: 'thinking',
    thinking: [{ type: 'text', text }],
    // A signature with a `format` is another vendor's.
    ...(signature && format === undefined && { signature }),
    closed: true,
  }));
}

function toToolCall(call: ToolCall, at: number): object {
  if (call.type !== 'function') {
    const parameter = `messages[${at}].tool_calls`;
    const message = `mistral: calls of custom tools are not supported (\`${parameter}\`)`;
    throw new UnsupportedParameterError(message, { provider: 'mistral', parameter });
  }
  const { name, arguments: text } = call.function;
  return { id: toToolCallId(call.id), type: 'function', function: { name, arguments: text || '{}' } };
}

function toToolResult({ tool_call_id, name, content }: ToolMessage, { names }: Context): WireMessage {
  const tool = name ?? names.get(tool_call_id);
  return {
    role: 'tool',
    tool_call_id: toToolCallId(tool_call_id),
    ...(tool && { name: tool }),
    content: toMistralContent(content),
  };
}

function toolNames(messages: readonly Message[]): Map<string, string> {
  const calls = messages.flatMap((message) => (message.role === 'assistant' ? (message.tool_calls ?? []) : []));
  return new Map(calls.flatMap((call) => (call.type === 'function' ? [[call.id, call.function.name] as const] : [])));
}

/** Anyone but the assistant right after a tool result is refused; a word of it in between is the known remedy. */
function withAnswersToTools(messages: readonly WireMessage[]): WireMessage[] {
  return messages.flatMap((message, at) => {
    const interrupts = messages[at - 1]?.role === 'tool' && message.role !== 'tool' && message.role !== 'assistant';
    return interrupts ? [{ role: 'assistant', content: 'ok' }, message] : [message];
  });
}
