import {
  type AssistantMessage,
  type ContentPart,
  type Message,
  type ReasoningDetail,
  type ToolCall,
  type ToolMessage,
  UnsupportedParameterError,
} from '@anyllm/core';
import type {
  AssistantPart,
  FilePart,
  PromptMessage,
  ReasoningPart,
  TextPart,
  ToolCallPart,
  ToolOutput,
  ToolResultPart,
} from '../specification.ts';
import { toMediaType } from './to-media-type.ts';

/** Tells of a part that is left out. */
type Warn = (feature: string) => void;

/**
 * Translates the conversation.
 * @throws UnsupportedParameterError for a file that a message here cannot hold
 */
export function toMessages(prompt: readonly PromptMessage[], model: string, warn: Warn): Message[] {
  return prompt.flatMap((message) => toMessage(message, model, warn));
}

function toMessage(message: PromptMessage, model: string, warn: Warn): Message | Message[] {
  switch (message.role) {
    case 'system':
      return { role: 'system', content: message.content };
    case 'user':
      return { role: 'user', content: toUserContent(message.content, model) };
    case 'assistant':
      return toAssistantMessage(message.content, warn);
    case 'tool':
      return toToolMessages(message.content, warn);
  }
}

function toUserContent(parts: readonly (TextPart | FilePart)[], model: string): string | ContentPart[] {
  const [first] = parts;
  if (parts.length === 1 && first?.type === 'text') return first.text;
  return parts.map((part) => (part.type === 'text' ? { type: 'text', text: part.text } : toFileContent(part, model)));
}

function toFileContent({ data, mediaType, filename }: FilePart, model: string): ContentPart {
  if (data.type === 'text') return { type: 'text', text: data.text };
  if (data.type === 'reference') return { type: 'file', file: { file_id: toFileId(data.reference, model) } };
  const kind = mediaType.split('/')[0];
  if (data.type === 'url') {
    if (kind === 'image') return { type: 'image_url', image_url: { url: data.url.href } };
    throw unsupported('a file by its address');
  }
  const base64 = typeof data.data === 'string' ? data.data : Buffer.from(data.data).toString('base64');
  const type = toMediaType(mediaType, base64);
  if (kind === 'audio') return { type: 'input_audio', input_audio: { data: base64, format: toAudioFormat(type) } };
  const url = `data:${type};base64,${base64}`;
  if (kind === 'image') return { type: 'image_url', image_url: { url } };
  return { type: 'file', file: { file_data: url, ...(filename !== undefined && { filename }) } };
}

/** A file that was uploaded has an id at each provider. */
function toFileId(reference: Record<string, string>, model: string): string {
  const provider = model.split(/[/:]/)[0] ?? '';
  const id = reference[provider];
  if (id === undefined) throw unsupported(`a file that \`${provider}\` does not have`);
  return id;
}

function toAudioFormat(mediaType: string): string {
  return mediaType === 'audio/mpeg' ? 'mp3' : (mediaType.split('/')[1] ?? '').replace(/^x-/, '');
}

function toAssistantMessage(parts: readonly AssistantPart[], warn: Warn): AssistantMessage {
  const texts: string[] = [];
  const reasoning: ReasoningPart[] = [];
  const calls: ToolCall[] = [];
  for (const part of parts) {
    if (part.type === 'text') texts.push(part.text);
    else if (part.type === 'reasoning') reasoning.push(part);
    else if (part.type === 'tool-call' && !part.providerExecuted) calls.push(toToolCall(part));
    else warn(`an assistant's part of type ${part.type}`);
  }
  return {
    role: 'assistant',
    content: texts.length > 0 ? texts.join('') : null,
    ...toReasoning(reasoning),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}

function toToolCall({ toolCallId: id, toolName: name, input }: ToolCallPart): ToolCall {
  return { id, type: 'function', function: { name, arguments: typeof input === 'string' ? input : toJson(input) } };
}

/** With what its vendor gave along, if it is one of our answers. */
function toReasoning(parts: readonly ReasoningPart[]): Pick<AssistantMessage, 'reasoning' | 'reasoning_details'> {
  const text = parts.map((part) => part.text).join('');
  const details = parts.flatMap(({ providerOptions }) => providerOptions?.anyllm?.reasoning_details ?? []);
  return {
    ...(text !== '' && { reasoning: text }),
    ...(details.length > 0 && { reasoning_details: details as ReasoningDetail[] }),
  };
}

function toToolMessages(parts: readonly (ToolResultPart | { type: string })[], warn: Warn): ToolMessage[] {
  return parts.flatMap((part) => {
    if (isToolResult(part)) return { role: 'tool', tool_call_id: part.toolCallId, content: toContent(part.output) };
    warn(`a tool's part of type ${part.type}`);
    return [];
  });
}

function isToolResult(part: { type: string }): part is ToolResultPart {
  return part.type === 'tool-result';
}

function toContent(output: ToolOutput): ToolMessage['content'] {
  switch (output.type) {
    case 'text':
    case 'error-text':
      return output.value;
    case 'json':
    case 'error-json':
      return toJson(output.value);
    case 'execution-denied':
      return output.reason ?? 'The tool was not allowed to run.';
    case 'content':
      return output.value.map((part) => {
        if (part.type === 'text') return { type: 'text', text: part.text };
        throw unsupported(`a tool's result with a part of type ${part.type}`);
      });
  }
}

function toJson(value: unknown): string {
  return JSON.stringify(value) ?? 'null';
}

function unsupported(what: string): UnsupportedParameterError {
  return new UnsupportedParameterError(`anyllm: ${what} is not supported`, { parameter: 'messages' });
}
