import type { AssistantMessage, ContentPart, Message, RefusalPart } from '@anyllm/core/provider';
import type { Quirks } from './quirks.ts';

/**
 * Messages of the schema's own fields: servers refuse others, and what a model answered comes back with whatever its
 * vendor and we have added. Content parts stay as the caller wrote them.
 */
export function toOpenAIMessages(messages: readonly Message[], quirks: Quirks = {}): unknown[] {
  return messages.map((message) => toOpenAIMessage(message, quirks));
}

function toOpenAIMessage(message: Message, quirks: Quirks): unknown {
  switch (message.role) {
    case 'assistant':
      return toAssistant(message, quirks);
    case 'tool':
      return { role: message.role, tool_call_id: message.tool_call_id, content: toContent(message.content, quirks) };
    default: {
      const { role, content, name } = message;
      const wire = { role, content: toContent(content, quirks) };
      return name ? { ...wire, name } : wire;
    }
  }
}

function toAssistant(message: AssistantMessage, quirks: Quirks): unknown {
  const { role, content, tool_calls, refusal, name, audio } = message;
  return {
    role,
    content: content ? toContent(content, quirks) : (content ?? null),
    ...(tool_calls?.length && { tool_calls }),
    ...(refusal && { refusal }),
    ...(name && { name }),
    ...(audio && { audio: { id: audio.id } }),
    ...reasoningOf(message, quirks),
  };
}

type Content = string | readonly (ContentPart | RefusalPart)[];

function toContent(content: Content, { flattenText = false }: Quirks): Content {
  if (!flattenText || typeof content === 'string') return content;
  const texts = content.filter((part) => part.type === 'text');
  return texts.length === content.length ? texts.map((part) => part.text).join('\n') : content;
}

function reasoningOf(
  { reasoning, reasoning_details }: AssistantMessage,
  { reasoningInHistory: field }: Quirks,
): Record<string, unknown> {
  if (field === undefined || field === 'strip') return {};
  if (field !== 'reasoning_details') return reasoning ? { [field]: reasoning } : {};
  return reasoning_details?.length ? { reasoning_details } : reasoning ? { reasoning } : {};
}
