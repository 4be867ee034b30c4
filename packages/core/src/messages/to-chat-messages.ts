import type {
  AssistantMessage,
  ContentPart,
  Message,
  ReasoningDetail,
  ToolCall,
  ToolMessage,
} from '../contract/chat-request.ts';
import type {
  MessagesAnswerBlock,
  MessagesDocumentBlock,
  MessagesImageBlock,
  MessagesParameters,
  MessagesRedactedThinkingBlock,
  MessagesServerToolBlock,
  MessagesTextBlock,
  MessagesThinkingBlock,
  MessagesToolResultBlock,
  MessagesTurn,
  MessagesUserBlock,
} from '../contract/messages.ts';
import { textField } from '../over-chat/block-sequence.ts';
import { type Losses, noCounterpart } from '../over-chat/losses.ts';
import { orText, toText } from '../over-chat/text-parts.ts';

/** The conversation as chat has it, the system text first. */
export function toChatMessages({ system, messages }: MessagesParameters, losses: Losses): Message[] {
  const text = system === undefined ? '' : toSystemText(system, losses);
  const first: Message[] = text === '' ? [] : [{ role: 'system', content: text }];
  return [...first, ...messages.flatMap((turn, at) => toMessages(turn, `messages[${at}]`, losses))];
}

/** Several blocks are paragraphs. */
function toSystemText(system: string | MessagesTextBlock[], losses: Losses): string {
  if (typeof system === 'string') return system;
  for (const block of system) noteCacheControl(block, losses);
  return system.map(({ text }) => text).join('\n\n');
}

function toMessages(turn: MessagesTurn, path: string, losses: Losses): Message[] {
  switch (turn.role) {
    case 'system':
      return [{ role: 'system', content: toSystemText(turn.content, losses) }];
    case 'assistant':
      if (typeof turn.content === 'string') return [{ role: 'assistant', content: turn.content }];
      return fromAssistant(turn.content, path, losses);
    default:
      if (typeof turn.content === 'string') return [{ role: 'user', content: turn.content }];
      return fromUser(turn.content, path, losses);
  }
}

/** The results of tools come first, as chat wants them at once after the calls. */
function fromUser(blocks: readonly MessagesUserBlock[], path: string, losses: Losses): Message[] {
  const results: Message[] = [];
  const parts: ContentPart[] = [];
  blocks.forEach((block, at) => {
    noteCacheControl(block, losses);
    const own = `${path}.content[${at}]`;
    if (block.type === 'tool_result') results.push(toToolMessage(block, own, parts, losses));
    else parts.push(...toParts(block, own, losses));
  });
  return parts.length === 0 ? results : [...results, { role: 'user', content: orText(parts) }];
}

/** @param others takes what a result of chat cannot hold: the message after it shows it */
function toToolMessage(
  block: MessagesToolResultBlock,
  path: string,
  others: ContentPart[],
  losses: Losses,
): ToolMessage {
  const { tool_use_id: tool_call_id, content, is_error } = block;
  const parts = typeof content === 'string' ? [toText(content)] : resultParts(content ?? [], path, losses);
  const texts = parts.filter((part) => part.type === 'text');
  const rest = parts.filter((part) => part.type !== 'text');
  if (rest.length > 0) losses.adjust(path, 'holds more than text, which was moved to the message after it');
  others.push(...rest);
  if (is_error) texts[0] = toText(`Error: ${texts[0]?.text ?? ''}`);
  return { role: 'tool', tool_call_id, content: orText(texts) };
}

type ResultBlocks = Exclude<NonNullable<MessagesToolResultBlock['content']>, string>;

function resultParts(blocks: ResultBlocks, path: string, losses: Losses): ContentPart[] {
  return blocks.flatMap((block, at) => toParts(block, `${path}.content[${at}]`, losses));
}

function toParts(
  block: Exclude<MessagesUserBlock, MessagesToolResultBlock>,
  path: string,
  losses: Losses,
): ContentPart[] {
  switch (block.type) {
    case 'text':
      return block.text === '' ? [] : [toText(block.text)];
    case 'image':
      return [toImage(block, path)];
    case 'search_result':
      return [toText([block.title, block.source, ...block.content.map(({ text }) => text)].join('\n'))];
    default:
      if (block.citations?.enabled) losses.drop(`${path}.citations`, 'chat completions cannot be asked for them');
      return fromDocument(block, path);
  }
}

function toImage({ source }: MessagesImageBlock, path: string): ContentPart {
  if (source.type === 'file') throw noCounterpart(`${path}.source`, 'an image by the id of a file');
  const url = source.type === 'url' ? source.url : `data:${source.media_type};base64,${source.data}`;
  return { type: 'image_url', image_url: { url } };
}

function fromDocument({ source, title, context }: MessagesDocumentBlock, path: string): ContentPart[] {
  const about = [title, context].filter(Boolean).join('\n');
  const head = about === '' ? [] : [toText(about)];
  const filename = title ? { filename: title } : {};
  switch (source.type) {
    case 'text':
      return [...head, toText(source.data)];
    case 'content':
      return [...head, ...fromContent(source.content, `${path}.source`)];
    case 'base64': {
      const file_data = `data:${source.media_type};base64,${source.data}`;
      return [...(context ? [toText(context)] : []), { type: 'file', file: { file_data, ...filename } }];
    }
    case 'file':
      return [...(context ? [toText(context)] : []), { type: 'file', file: { file_id: source.file_id, ...filename } }];
    default:
      throw noCounterpart(`${path}.source`, 'a document by its address');
  }
}

function fromContent(content: string | (MessagesTextBlock | MessagesImageBlock)[], path: string): ContentPart[] {
  if (typeof content === 'string') return [toText(content)];
  return content.map((block, at) =>
    block.type === 'text' ? toText(block.text) : toImage(block, `${path}.content[${at}]`),
  );
}

type AssistantBlocks = readonly (MessagesAnswerBlock | MessagesServerToolBlock)[];

function fromAssistant(blocks: AssistantBlocks, path: string, losses: Losses): Message[] {
  let text = '';
  const calls: ToolCall[] = [];
  const thoughts: (MessagesThinkingBlock | MessagesRedactedThinkingBlock)[] = [];
  for (const [at, block] of blocks.entries()) {
    noteCacheControl(block, losses);
    if (block.type === 'text') text += block.text;
    else if (block.type === 'tool_use') calls.push(toToolCall(block));
    else if (block.type === 'thinking' || block.type === 'redacted_thinking') thoughts.push(block);
    else losses.drop(`${path}.content[${at}]`, `other vendors do not know \`${block.type}\``);
  }
  if (text === '' && calls.length === 0 && thoughts.length === 0) return [];
  return [
    {
      role: 'assistant',
      content: text || null,
      ...(calls.length > 0 && { tool_calls: calls }),
      ...toReasoning(thoughts),
    },
  ];
}

function toToolCall({ id, name, input }: MessagesAnswerBlock & { type: 'tool_use' }): ToolCall {
  return { id, type: 'function', function: { name, arguments: JSON.stringify(input) } };
}

function toReasoning(
  thoughts: (MessagesThinkingBlock | MessagesRedactedThinkingBlock)[],
): Pick<AssistantMessage, 'reasoning' | 'reasoning_details'> {
  const reasoning = thoughts.map((block) => (block.type === 'thinking' ? block.thinking : '')).join('');
  const needed = thoughts.some(
    (block) => block.type === 'redacted_thinking' || block.signature || block.reasoning_detail,
  );
  return {
    ...(reasoning !== '' && { reasoning }),
    ...(needed && { reasoning_details: thoughts.map(toDetail) }),
  };
}

function toDetail(block: MessagesThinkingBlock | MessagesRedactedThinkingBlock): ReasoningDetail {
  if (block.type === 'redacted_thinking') {
    return { type: 'reasoning.encrypted', ...block.reasoning_detail, data: block.data };
  }
  const { thinking, signature, reasoning_detail = { type: 'reasoning.text' } } = block;
  return { ...reasoning_detail, [textField(reasoning_detail)]: thinking, ...(signature && { signature }) };
}

export function noteCacheControl(marked: object, losses: Losses): void {
  if (!('cache_control' in marked) || !marked.cache_control) return;
  losses.drop('cache_control', 'vendors cache by themselves or in ways of their own');
}
