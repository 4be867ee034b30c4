import {
  type ContentPart,
  type Message,
  type RefusalPart,
  type TextPart,
  type Tool,
  type ToolCall,
  UnsupportedParameterError,
} from '@anyllm/core/provider';

type Part = ContentPart | RefusalPart;

/**
 * A conversation in the shape of OpenAI's Responses API.
 * @throws UnsupportedParameterError for a recording, which that API does not take
 */
export function toResponsesInput(provider: string, messages: readonly Message[]): object[] {
  const custom = new Set<string>();
  return messages.flatMap((message, at) => {
    if (message.role === 'tool') {
      const type = custom.has(message.tool_call_id) ? 'custom_tool_call_output' : 'function_call_output';
      return [{ type, call_id: message.tool_call_id, output: textOf(message.content) }];
    }
    if (message.role !== 'assistant') {
      const { role, content } = message;
      return [
        { role, content: typeof content === 'string' ? content : content.map((part) => toPart(provider, part, at)) },
      ];
    }
    const { content, refusal, tool_calls = [] } = message;
    for (const { id, type } of tool_calls) if (type === 'custom') custom.add(id);
    const parts = [...partsOf(content), ...(refusal ? [{ type: 'refusal', refusal }] : [])];
    return [...(parts.length > 0 ? [{ role: 'assistant', content: parts }] : []), ...tool_calls.map(toCall)];
  });
}

export function toResponsesTools(tools: readonly Tool[]): object[] {
  return tools.map((tool) => {
    if (tool.type === 'function') return { type: 'function', ...tool.function };
    const { format, ...rest } = tool.custom;
    const { grammar, ...kind } = Object(format) as { grammar?: object };
    return { type: 'custom', ...rest, ...(format && { format: { ...kind, ...grammar } }) };
  });
}

function partsOf(content: string | readonly (TextPart | RefusalPart)[] | null | undefined): object[] {
  if (!content) return [];
  const parts = typeof content === 'string' ? [{ type: 'text' as const, text: content }] : content;
  return parts.map((part) => (part.type === 'text' ? { type: 'output_text', text: part.text } : part));
}

function toCall(call: ToolCall): object {
  const { id: call_id, type } = call;
  if (type === 'custom') return { type: 'custom_tool_call', call_id, ...call.custom };
  return { type: 'function_call', call_id, ...call.function };
}

function toPart(provider: string, part: Part, at: number): object {
  switch (part.type) {
    case 'text':
      return { type: 'input_text', text: part.text };
    case 'image_url': {
      const { url, detail } = part.image_url;
      return { type: 'input_image', image_url: url, ...(detail && { detail }) };
    }
    case 'file':
      return { type: 'input_file', ...part.file };
    default: {
      const parameter = `messages[${at}].content`;
      const message = `${provider}: \`${parameter}\` holds a part of type \`${part.type}\`, which cannot be counted`;
      throw new UnsupportedParameterError(message, { provider, parameter });
    }
  }
}

function textOf(content: string | readonly TextPart[]): string {
  return typeof content === 'string' ? content : content.map(({ text }) => text).join('');
}
