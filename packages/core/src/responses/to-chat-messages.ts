import type {
  AssistantMessage,
  ContentPart,
  Message,
  ReasoningDetail,
  RefusalPart,
  TextPart,
} from '../contract/chat-request.ts';
import type {
  ResponsesCallOutput,
  ResponsesInputItem,
  ResponsesInputMessage,
  ResponsesParameters,
  ResponsesReasoning,
} from '../contract/responses.ts';
import { parseObject, textField } from '../over-chat/block-sequence.ts';
import { type Losses, noCounterpart } from '../over-chat/losses.ts';
import { orText, toText } from '../over-chat/text-parts.ts';

/** The conversation as chat has it, the instructions first. */
export function toChatMessages({ instructions, input }: ResponsesParameters, losses: Losses): Message[] {
  const conversation = new Conversation(losses);
  if (instructions) conversation.messages.push({ role: 'system', content: instructions });
  if (typeof input === 'string') conversation.messages.push({ role: 'user', content: input });
  else for (const [at, item] of input.entries()) conversation.add(item, `input[${at}]`);
  conversation.end();
  return conversation.messages;
}

type Turn = Omit<AssistantMessage, 'content'> & { content: (TextPart | RefusalPart)[] };

/** Gathers items to messages: what a model said, thought and called in one turn is one of them. */
class Conversation {
  readonly messages: Message[] = [];
  readonly #losses: Losses;
  #turn: Turn | undefined;
  /** What results of calls hold beside text: it stands after all of them. */
  readonly #attached: ContentPart[] = [];

  constructor(losses: Losses) {
    this.#losses = losses;
  }

  add(item: ResponsesInputItem, path: string): void {
    switch (item.type ?? 'message') {
      case 'message':
        this.#addMessage(item as ResponsesInputMessage, path);
        break;
      case 'reasoning':
        this.#addReasoning(item as ResponsesReasoning, path);
        break;
      case 'function_call':
      case 'custom_tool_call':
        this.#addCall(item as Record<string, string>);
        break;
      case 'function_call_output':
      case 'custom_tool_call_output':
        this.#addOutput(item as ResponsesCallOutput, path);
        break;
      case 'item_reference':
      case 'compaction':
      case 'compaction_trigger':
        throw noCounterpart(path, `an item of type \`${item.type}\``);
      default:
        this.#losses.drop(path, `other vendors do not know \`${item.type}\``);
    }
  }

  end(): void {
    this.#endTurn();
    this.#showAttached();
  }

  #endTurn(): void {
    if (this.#turn) this.messages.push(toAssistant(this.#turn));
    this.#turn = undefined;
  }

  #showAttached(): void {
    const content = this.#attached.splice(0);
    if (content.length > 0) this.messages.push({ role: 'user', content });
  }

  #addMessage({ role, content }: ResponsesInputMessage, path: string): void {
    const parts =
      typeof content === 'string'
        ? [toText(content)]
        : content.map((part, at) => toPart(part, `${path}.content[${at}]`));
    if (role === 'assistant') {
      this.#endSpoken();
      this.#theTurn().content.push(...(parts as (TextPart | RefusalPart)[]));
      return;
    }
    this.end();
    if (role === 'user') this.messages.push({ role, content: orText(parts as ContentPart[]) });
    else this.messages.push({ role, content: orText(parts as TextPart[]) });
  }

  #addReasoning({ summary, content, encrypted_content }: ResponsesReasoning, path: string): void {
    this.#endSpoken();
    const turn = this.#theTurn();
    const text = (content?.length ? content : summary).map((part) => part.text).join(content?.length ? '' : '\n\n');
    if (text !== '') turn.reasoning = (turn.reasoning ?? '') + text;
    const detail = toDetail(encrypted_content, text);
    if (detail) turn.reasoning_details = [...(turn.reasoning_details ?? []), detail];
    else if (encrypted_content)
      this.#losses.adjust(path, 'is reasoning of another vendor, of which only the text goes along');
  }

  #addCall({ type, call_id: id = '', name = '', arguments: text = '', input = '' }: Record<string, string>): void {
    const turn = this.#theTurn();
    turn.tool_calls ??= [];
    if (type === 'function_call') turn.tool_calls.push({ id, type: 'function', function: { name, arguments: text } });
    else turn.tool_calls.push({ id, type: 'custom', custom: { name, input } });
  }

  /** Results follow at once upon the calls. */
  #addOutput({ call_id: tool_call_id, output }: ResponsesCallOutput, path: string): void {
    this.#endTurn();
    const parts =
      typeof output === 'string' ? [toText(output)] : output.map((part, at) => toPart(part, `${path}.output[${at}]`));
    const texts = parts.filter((part) => part.type === 'text');
    const rest = parts.filter((part) => part.type !== 'text' && part.type !== 'refusal');
    if (rest.length > 0) this.#losses.adjust(path, 'holds more than text, which was moved to the message after it');
    this.#attached.push(...rest);
    this.messages.push({ role: 'tool', tool_call_id, content: orText(texts) });
  }

  /** What comes after a text without calls is another turn. */
  #endSpoken(): void {
    if (this.#turn?.content.length && !this.#turn.tool_calls) this.#endTurn();
  }

  #theTurn(): Turn {
    if (!this.#turn) this.#showAttached();
    this.#turn ??= { role: 'assistant', content: [] };
    return this.#turn;
  }
}

function toAssistant({ content, ...turn }: Turn): AssistantMessage {
  return { ...turn, content: content.length === 0 ? null : orText(content) };
}

/** Ours is the JSON of what a vendor wants back; one that is not comes from a vendor of its own, for that vendor alone. */
function toDetail(encrypted: string | null | undefined, text: string): ReasoningDetail | undefined {
  const { type, ...detail } = (encrypted && parseObject(encrypted)) || {};
  if (typeof type !== 'string') return undefined;
  const known: ReasoningDetail = { ...detail, type };
  return text === '' ? known : { ...known, [textField(known)]: text };
}

function toPart(part: object, path: string): ContentPart | RefusalPart {
  const { type, text, refusal } = part as Record<string, string>;
  switch (type) {
    case 'input_text':
    case 'output_text':
      return toText(text ?? '');
    case 'refusal':
      return { type, refusal: refusal ?? '' };
    case 'input_image':
      return toImage(part, path);
    case 'input_file':
      return toFile(part, path);
    default:
      throw noCounterpart(path, `a part of type \`${type}\``);
  }
}

function toImage(part: { image_url?: string | null; detail?: string | null }, path: string): ContentPart {
  const { image_url: url, detail } = part;
  if (!url) throw noCounterpart(path, 'an image by the id of a file');
  const known = detail === 'low' || detail === 'high' || detail === 'auto';
  return { type: 'image_url', image_url: { url, ...(known && { detail }) } };
}

function toFile(part: { file_id?: string | null; file_data?: string; filename?: string }, path: string): ContentPart {
  const { file_id, file_data, filename } = part;
  if (!file_id && !file_data) throw noCounterpart(path, 'a file by its address');
  const named = filename === undefined ? {} : { filename };
  return { type: 'file', file: { ...(file_data ? { file_data } : { file_id: file_id ?? '' }), ...named } };
}
