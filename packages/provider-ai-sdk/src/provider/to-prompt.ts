import {
  type AssistantMessage,
  type ContentPart,
  InvalidRequestError,
  type Message,
  type TextPart as OurTextPart,
  type RefusalPart,
  type ToolCall,
  type ToolMessage,
} from '@anyllm/core/provider';
import type {
  AssistantPart,
  FilePart,
  PromptMessage,
  ProviderMetadata,
  ReasoningPart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
} from '../specification.ts';
import { isKept, type KeptMetadata, type KeptReasoning } from './kept-metadata.ts';

/** What is needed to translate a conversation. */
export interface PromptContext {
  providerId: string;
  /** The name under which the model finds what is its own. */
  optionsKey: string;
  /** Tells of a field that the specification has no place for. */
  drop: (parameter: string) => void;
}

/**
 * Translates the conversation. Results of tools that follow each other become one message, which is how vendors with
 * strict turns want them.
 * @throws InvalidRequestError for a part that cannot be read
 */
export function toPrompt(messages: readonly Message[], context: PromptContext): PromptMessage[] {
  const prompt: PromptMessage[] = [];
  const toolNames = new Map<string, string>();
  messages.forEach((message, at) => {
    if (message.role === 'tool') addToolResult(prompt, toToolResult(message, toolNames));
    else prompt.push(toPromptMessage(message, `messages[${at}]`, toolNames, context));
  });
  return prompt;
}

function addToolResult(prompt: PromptMessage[], result: ToolResultPart): void {
  const last = prompt.at(-1);
  if (last?.role === 'tool') last.content.push(result);
  else prompt.push({ role: 'tool', content: [result] });
}

/** A result names its tool, which here only the call does. */
function toToolResult({ tool_call_id, content, name }: ToolMessage, toolNames: Map<string, string>): ToolResultPart {
  const toolName = toolNames.get(tool_call_id) ?? name ?? 'unknown';
  return { type: 'tool-result', toolCallId: tool_call_id, toolName, output: { type: 'text', value: toText(content) } };
}

function toPromptMessage(
  message: Exclude<Message, ToolMessage>,
  path: string,
  toolNames: Map<string, string>,
  context: PromptContext,
): PromptMessage {
  if (message.name !== undefined) context.drop(`${path}.name`);
  if (message.role === 'assistant') return toAssistantMessage(message, path, toolNames, context);
  if (message.role !== 'user') return { role: 'system', content: toText(message.content) };
  const parts: ContentPart[] =
    typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : message.content;
  return { role: 'user', content: parts.map((part, at) => toUserPart(part, `${path}.content[${at}]`, context)) };
}

function toText(content: string | OurTextPart[]): string {
  return typeof content === 'string' ? content : content.map(({ text }) => text).join('\n');
}

function toUserPart(part: ContentPart, path: string, context: PromptContext): TextPart | FilePart {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text };
    case 'image_url': {
      const { url, detail = 'auto' } = part.image_url;
      if (detail !== 'auto') context.drop(`${path}.image_url.detail`);
      return /^https?:/.test(url) && URL.canParse(url)
        ? { type: 'file', mediaType: 'image/*', data: { type: 'url', url: new URL(url) } }
        : toDataPart(url, `${path}.image_url.url`, context);
    }
    case 'input_audio': {
      const { data, format } = part.input_audio;
      const mediaType = format === 'mp3' ? 'audio/mpeg' : `audio/${format}`;
      return { type: 'file', mediaType, data: { type: 'data', data } };
    }
    case 'file':
      return toFilePart(part.file, `${path}.file.file_data`, context);
  }
}

type FileContent = Extract<ContentPart, { type: 'file' }>['file'];

function toFilePart({ file_id, file_data, filename }: FileContent, path: string, context: PromptContext): FilePart {
  const named = filename === undefined ? {} : { filename };
  if (file_data !== undefined) return { ...toDataPart(file_data, path, context), ...named };
  const reference = { [context.optionsKey]: file_id ?? '' };
  return { type: 'file', mediaType: 'application/octet-stream', data: { type: 'reference', reference }, ...named };
}

/** The media type goes as it is written in the URL. */
function toDataPart(url: string, path: string, { providerId }: PromptContext): FilePart {
  const [, mediaType, data] = /^data:([^;,]+)(?:;[^;,]*)*;base64,(.*)$/s.exec(url) ?? [];
  if (mediaType !== undefined && data !== undefined) return { type: 'file', mediaType, data: { type: 'data', data } };
  throw new InvalidRequestError(`${providerId}: \`${path}\` must be a \`data:<type>;base64,…\` URL`, {
    provider: providerId,
    path,
  });
}

function toAssistantMessage(
  message: AssistantMessage,
  path: string,
  toolNames: Map<string, string>,
  context: PromptContext,
): PromptMessage {
  const kept = (message.reasoning_details ?? []).filter(isKept);
  const calls = (message.tool_calls ?? []).map((call) => toToolCall(call, kept));
  for (const { toolCallId, toolName } of calls) toolNames.set(toolCallId, toolName);
  if (message.audio) context.drop(`${path}.audio`);
  const content: AssistantPart[] = [...toReasoning(message.reasoning, kept), ...toTexts(message, kept), ...calls];
  return { role: 'assistant', content };
}

/** With the pieces as they came, if it is an answer of one of their models; otherwise as one text. */
function toReasoning(reasoning: string | null | undefined, kept: readonly KeptMetadata[]): ReasoningPart[] {
  const blocks = new Map<number, ReasoningPart>();
  for (const { type, index, text, provider_metadata } of kept as KeptReasoning[]) {
    if (type !== 'ai-sdk.reasoning') continue;
    const block = blocks.get(index) ?? { type: 'reasoning', text: '' };
    blocks.set(index, { ...block, text: block.text + text, ...toOptions(provider_metadata) });
  }
  if (blocks.size > 0) return [...blocks.values()];
  return reasoning ? [{ type: 'reasoning', text: reasoning }] : [];
}

function toTexts({ content, refusal }: AssistantMessage, kept: readonly KeptMetadata[]): TextPart[] {
  const parts: (OurTextPart | RefusalPart)[] =
    typeof content === 'string' ? [{ type: 'text', text: content }] : (content ?? []);
  const texts = parts.map((part) => (part.type === 'text' ? part.text : part.refusal));
  if (texts.length === 0 && refusal) texts.push(refusal);
  const own = kept.filter((detail) => detail.type === 'ai-sdk.text');
  // Of several texts, which have become one, none is the one that it belongs to.
  const metadata = own.length === 1 ? own[0]?.provider_metadata : undefined;
  return texts.filter((text) => text !== '').map((text) => ({ type: 'text', text, ...toOptions(metadata) }));
}

function toToolCall(call: ToolCall, kept: readonly KeptMetadata[]): ToolCallPart {
  const own = kept.find((detail) => detail.type === 'ai-sdk.tool-call' && detail.tool_call_id === call.id);
  const [toolName, input] =
    call.type === 'function'
      ? [call.function.name, parseInput(call.function.arguments)]
      : [call.custom.name, { input: call.custom.input }];
  return { type: 'tool-call', toolCallId: call.id, toolName, input, ...toOptions(own?.provider_metadata) };
}

/** A call that is no JSON stays a text, as in AI SDK's own functions. */
function parseInput(text: string): unknown {
  try {
    return JSON.parse(text || '{}');
  } catch {
    return text;
  }
}

function toOptions(metadata: ProviderMetadata | undefined): { providerOptions?: ProviderMetadata } {
  return metadata === undefined ? {} : { providerOptions: metadata };
}
