import {
  type AssistantMessage,
  type ContentPart,
  InvalidRequestError,
  type Message,
  type RefusalPart,
  type ToolCall,
  type ToolMessage,
} from '@anyllm/core/provider';

type Fields = Record<string, unknown>;

/** Tells of a field of the request that Ollama has no place for. */
export type Drop = (parameter: string) => void;

/** The names of the tools that have been called so far, by the id of the call. */
type CalledTools = Map<string, string>;

/**
 * Translates the conversation: content becomes one text with the images beside it, and a tool's result is given the
 * name of the tool, which is all that older servers know it by.
 * @throws InvalidRequestError for an image that is not base64 data
 */
export function toOllamaMessages(messages: readonly Message[], drop: Drop): Fields[] {
  const called: CalledTools = new Map();
  return messages.map((message, at) => toOllamaMessage(message, `messages[${at}]`, called, drop));
}

function toOllamaMessage(message: Message, path: string, called: CalledTools, drop: Drop): Fields {
  if (message.role === 'tool') return toToolResult(message, called);
  if (message.name !== undefined) drop(`${path}.name`);
  if (message.role === 'assistant') return toAssistantMessage(message, path, called, drop);
  const role = message.role === 'developer' ? 'system' : message.role;
  return { role, content: toText(message.content), images: toImages(message.content, path, drop) };
}

function toAssistantMessage(message: AssistantMessage, path: string, called: CalledTools, drop: Drop): Fields {
  const { content, refusal, reasoning, tool_calls, audio } = message;
  if (audio) drop(`${path}.audio`);
  const calls = tool_calls?.map(toOllamaToolCall);
  for (const call of calls ?? []) called.set(call.id, call.function.name);
  return {
    role: 'assistant',
    content: toText(content) || (refusal ?? ''),
    thinking: reasoning || undefined,
    tool_calls: calls?.length ? calls : undefined,
  };
}

function toToolResult({ tool_call_id, content, name }: ToolMessage, called: CalledTools): Fields {
  return { role: 'tool', content: toText(content), tool_name: called.get(tool_call_id) ?? name, tool_call_id };
}

interface OllamaToolCall {
  id: string;
  function: { name: string; arguments: object };
}

function toOllamaToolCall(call: ToolCall): OllamaToolCall {
  const { id } = call;
  if (call.type === 'custom')
    return { id, function: { name: call.custom.name, arguments: { input: call.custom.input } } };
  return { id, function: { name: call.function.name, arguments: toArguments(call.function.arguments) } };
}

/** The server takes only an object. What the model wrote amiss is shown to it as such, for its next attempt. */
function toArguments(text: string): object {
  if (text.trim() === '') return {};
  try {
    const value = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // as below
  }
  return { input: text };
}

type Content = string | readonly (ContentPart | RefusalPart)[] | null | undefined;

/** Parts are pieces of their own, hence the line ends: without them the last word of one runs into the next. */
function toText(content: Content): string {
  if (typeof content === 'string') return content;
  const texts = (content ?? []).map((part) =>
    part.type === 'text' ? part.text : part.type === 'refusal' ? part.refusal : '',
  );
  return texts.filter((text) => text !== '').join('\n');
}

function toImages(content: Content, path: string, drop: Drop): string[] | undefined {
  if (typeof content === 'string' || !content) return undefined;
  const images = content.flatMap((part, at) => {
    if (part.type !== 'image_url') return [];
    const { url, detail = 'auto' } = part.image_url;
    if (detail !== 'auto') drop(`${path}.content[${at}].image_url.detail`);
    return [toBase64(url, `${path}.content[${at}].image_url.url`)];
  });
  return images.length > 0 ? images : undefined;
}

/** The data alone: the server takes neither URLs nor the beginning of a `data:` URL. */
function toBase64(url: string, path: string): string {
  const comma = url.indexOf(',');
  if (comma !== -1 && /^data:[^,]*;base64$/i.test(url.slice(0, comma))) return url.slice(comma + 1);
  throw new InvalidRequestError(`ollama: \`${path}\` must be a \`data:\` URL in base64`, { provider: 'ollama', path });
}
