import { isObject } from './answer.ts';
import { asArray } from './chat-question.ts';
import type { Finding } from './mistral-errors.ts';
import type { JsonObject } from './recorded-request.ts';
import type { ReplyError } from './reply.ts';

const CHAT_FIELDS = new Set(
  `document_image_limit document_page_limit frequency_penalty guardrails max_tokens messages metadata model n
  parallel_tool_calls prediction presence_penalty prompt_cache_key prompt_mode random_seed reasoning_effort
  response_format safe_prompt service_tier stop stream temperature tool_choice tools top_p`.split(/\s+/),
);

const EMBEDDING_FIELDS = new Set(['model', 'input', 'output_dimension', 'output_dtype', 'encoding_format', 'metadata']);

const ROLES = ['assistant', 'system', 'tool', 'user'];

/** Where a chat request does not fit the vendor's schema. */
export function findInChat(body: JsonObject): Finding[] {
  return [
    ...findMissing(body, ['model', 'messages']),
    ...findExtra(body, CHAT_FIELDS),
    ...asArray(body.messages).flatMap(findInMessage),
    ...asArray(body.tools).flatMap(findInTool),
    ...findRange(body, 'temperature', 0, 1.5),
    ...findRange(body, 'top_p', 0, 1),
  ];
}

export function findInEmbeddings(body: JsonObject): Finding[] {
  return [...findMissing(body, ['model', 'input']), ...findExtra(body, EMBEDDING_FIELDS)];
}

export function findMissing(body: JsonObject, fields: string[]): Finding[] {
  const missing = fields.filter((field) => body[field] === undefined || body[field] === null);
  return missing.map((field) => ({ type: 'missing', loc: ['body', field], msg: 'Field required', input: body }));
}

export function findExtra(body: JsonObject, fields: Set<string>): Finding[] {
  const extra = Object.keys(body).filter((field) => !fields.has(field));
  const msg = 'Extra inputs are not permitted';
  return extra.map((field) => ({ type: 'extra_forbidden', loc: ['body', field], msg, input: body[field] }));
}

function findInMessage(message: unknown, index: number): Finding[] {
  const role = isObject(message) ? message.role : undefined;
  if (ROLES.includes(String(role))) return [];
  const expected = ROLES.map((name) => `'${name}'`).join(', ');
  const msg = `Input tag '${role}' found using 'role' does not match any of the expected tags: ${expected}`;
  return [{ type: 'union_tag_invalid', loc: ['body', 'messages', index], msg, input: message }];
}

function findInTool(tool: unknown, index: number): Finding[] {
  if (!isObject(tool) || !isObject(tool.function) || isObject(tool.function.parameters)) return [];
  const loc = ['body', 'tools', index, 'function', 'parameters'];
  return [{ type: 'missing', loc, msg: 'Field required', input: tool.function }];
}

function findRange(body: JsonObject, field: string, lowest: number, highest: number): Finding[] {
  const value = body[field];
  if (typeof value !== 'number' || (value >= lowest && value <= highest)) return [];
  const [type, msg] =
    value < lowest
      ? ['greater_than_equal', `Input should be greater than or equal to ${lowest}`]
      : ['less_than_equal', `Input should be less than or equal to ${highest}`];
  return [{ type, loc: ['body', field], msg, input: value }];
}

/** The first reason for which Mistral refuses a well-formed chat request. */
export function checkMistralChat(body: JsonObject): ReplyError | undefined {
  const messages = asArray(body.messages).filter(isObject);
  return checkMistralModel(body) ?? checkAssistants(messages) ?? checkOrder(messages);
}

export function checkMistralModel({ model }: JsonObject): ReplyError | undefined {
  if (!/^(unknown|missing)/.test(String(model))) return undefined;
  return { type: 'invalid_model', code: '1500', message: `Invalid model: ${model}` };
}

function checkAssistants(messages: JsonObject[]): ReplyError | undefined {
  for (const message of messages.filter(({ role }) => role === 'assistant')) {
    const calls = asArray(message.tool_calls).filter(isObject);
    if (calls.length === 0 && isEmpty(message.content)) return EMPTY_ASSISTANT;
    const foreign = calls.find(({ id }) => id !== undefined && !/^[A-Za-z0-9]{9}$/.test(String(id)));
    if (foreign) return foreignId(foreign.id);
  }
  return undefined;
}

function isEmpty(content: unknown): boolean {
  return (
    content === undefined || content === null || content === '' || (Array.isArray(content) && content.length === 0)
  );
}

const EMPTY_ASSISTANT: ReplyError = {
  type: 'invalid_request_assistant_message',
  code: '3240',
  message: 'Assistant message must have either content or tool_calls, but not none.',
};

function foreignId(id: unknown): ReplyError {
  const message = `Tool call id was ${id} but must be a-z, A-Z, 0-9, with a length of 9.`;
  return { type: 'invalid_function_call', code: '3280', message };
}

function checkOrder(messages: JsonObject[]): ReplyError | undefined {
  let calls = 0;
  let results = 0;
  for (const [i, { role, tool_calls }] of messages.entries()) {
    if (role === 'tool') {
      results++;
      continue;
    }
    if (messages[i - 1]?.role === 'tool' && role !== 'assistant')
      return outOfOrder(`Unexpected role '${role}' after role 'tool'`);
    if (results !== calls) return outOfOrder(UNEQUAL_CALLS);
    calls = asArray(tool_calls).length;
    results = 0;
  }
  return results === calls ? checkLast(messages.at(-1)) : outOfOrder(UNEQUAL_CALLS);
}

const UNEQUAL_CALLS = 'Not the same number of function calls and responses';

function checkLast(last: JsonObject | undefined): ReplyError | undefined {
  if (last?.role === 'user' || last?.role === 'tool' || (last?.role === 'assistant' && last.prefix === true))
    return undefined;
  const expected = 'Expected last role User or Tool (or Assistant with prefix True) for serving';
  return outOfOrder(`${expected} but got ${last?.role ?? 'none'}`);
}

function outOfOrder(message: string): ReplyError {
  return { type: 'invalid_request_message_order', code: '3230', message };
}
