import { isObject } from './answer.ts';
import type { JsonObject } from './recorded-request.ts';
import { countTokens } from './tokens.ts';

/** What a chat request asks for, the same for all dialects. */
export interface ChatQuestion {
  model: string;
  lastRole: string;
  lastText: string;
  promptTokens: number;
  maxTokens: number | undefined;
  tools: readonly ChatTool[];
  /** A tool has to be called: this one, or any. */
  forcedTool: string | true | undefined;
  /** The answer has to be JSON: of this schema, or any object. */
  format: JsonObject | 'json' | undefined;
  /** How many choices. */
  n: number;
  thinks: boolean;
}

export interface ChatTool {
  name: string;
  parameters: unknown;
}

/** What the vendors name differently. */
type Particulars = Pick<ChatQuestion, 'maxTokens' | 'format' | 'thinks'>;

export function toChatQuestion(body: JsonObject, particulars: Particulars): ChatQuestion {
  const messages = asArray(body.messages).filter(isObject);
  const last = messages.at(-1);
  const tools = body.tool_choice === 'none' ? [] : asArray(body.tools).filter(isObject);
  return {
    ...particulars,
    model: String(body.model),
    lastRole: String(last?.role),
    lastText: textOf(last?.content),
    // Each message costs a few tokens for its role and borders.
    promptTokens: messages.reduce((sum, message) => sum + 4 + countTokens(textOf(message.content)), 3),
    tools: tools.map((tool) => tool.function).filter(isObject) as unknown as ChatTool[],
    forcedTool: forcedTool(body.tool_choice),
    n: typeof body.n === 'number' ? body.n : 1,
  };
}

export function asArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The text of a message's content, be it a string or parts. */
export function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  const texts = asArray(content).map((part) => (isObject(part) && typeof part.text === 'string' ? part.text : ''));
  return texts.join('');
}

/** The response format of OpenAI and Mistral. */
export function toFormat(format: unknown): ChatQuestion['format'] {
  if (!isObject(format)) return undefined;
  if (format.type === 'json_object') return 'json';
  const { json_schema: named } = format;
  return isObject(named) && isObject(named.schema) ? named.schema : undefined;
}

function forcedTool(choice: unknown): ChatQuestion['forcedTool'] {
  if (choice === 'required' || choice === 'any') return true;
  return isObject(choice) && isObject(choice.function) ? String(choice.function.name) : undefined;
}
