import { isObject } from './answer.ts';
import { asArray } from './chat-question.ts';
import type { JsonObject } from './recorded-request.ts';
import type { ReplyError } from './reply.ts';

const NUMBER_OPTIONS: Record<string, string> = {
  temperature: 'float32',
  top_p: 'float32',
  min_p: 'float32',
  presence_penalty: 'float32',
  frequency_penalty: 'float32',
  repeat_penalty: 'float32',
  top_k: 'integer',
  num_predict: 'integer',
  num_ctx: 'integer',
  seed: 'integer',
};

/** The first reason for which Ollama refuses a chat request. Fields that it does not know it ignores. */
export function checkOllamaChat(body: JsonObject): ReplyError | undefined {
  const messages = asArray(body.messages).filter(isObject);
  return (
    first(messages, checkMessage) ??
    checkOllamaModel(body) ??
    checkFormat(body.format) ??
    checkThink(body.think) ??
    checkKeepAlive(body.keep_alive) ??
    checkOptions(body.options) ??
    checkLogprobs(body.top_logprobs)
  );
}

export function checkOllamaModel({ model }: JsonObject): ReplyError | undefined {
  if (typeof model !== 'string' || model === '') return { message: 'model is required' };
  return /^(unknown|missing)/.test(model) ? { status: 404, message: `model '${model}' not found` } : undefined;
}

function first<T>(items: T[], check: (item: T) => ReplyError | undefined): ReplyError | undefined {
  for (const item of items) {
    const error = check(item);
    if (error) return error;
  }
  return undefined;
}

function checkMessage({ content, images, tool_calls }: JsonObject): ReplyError | undefined {
  if (content !== undefined && content !== null && typeof content !== 'string')
    return undecodable(content, 'content', 'string');
  return first(asArray(images), checkImage) ?? first(asArray(tool_calls), checkToolCall);
}

function undecodable(value: unknown, field: string, wanted: string): ReplyError {
  const found = Array.isArray(value) ? 'array' : typeof value;
  const message = `json: cannot unmarshal ${found} into Go struct field ChatRequest.messages.${field} of type ${wanted}`;
  return { message };
}

// Also catches the prefix of a data URL, and any other URL.
function checkImage(image: unknown): ReplyError | undefined {
  const at = String(image).search(/[^A-Za-z0-9+/=\r\n]/);
  return at < 0 ? undefined : { message: `illegal base64 data at input byte ${at}` };
}

function checkToolCall(call: unknown): ReplyError | undefined {
  const called = isObject(call) && isObject(call.function) ? call.function : {};
  if (called.arguments === undefined || isObject(called.arguments)) return undefined;
  return undecodable(called.arguments, 'tool_calls.function.arguments', 'api.ToolCallFunctionArguments');
}

function checkFormat(format: unknown): ReplyError | undefined {
  if (format === undefined || format === null || format === '' || format === 'json' || isObject(format))
    return undefined;
  return { message: `invalid format: ${JSON.stringify(format)}; expected "json" or a valid JSON Schema object` };
}

function checkThink(think: unknown): ReplyError | undefined {
  if (typeof think !== 'string' || ['low', 'medium', 'high', 'max'].includes(think)) return undefined;
  return { message: `invalid think value: "${think}" (must be "high", "medium", "low", "max", true, or false)` };
}

function checkKeepAlive(keepAlive: unknown): ReplyError | undefined {
  if (typeof keepAlive !== 'string' || /^-?(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(keepAlive)) return undefined;
  const reason = /^-?\d+$/.test(keepAlive) ? 'missing unit in duration' : 'invalid duration';
  return { message: `time: ${reason} "${keepAlive}"` };
}

function checkOptions(options: unknown): ReplyError | undefined {
  if (!isObject(options)) return undefined;
  const { stop } = options;
  if (stop !== undefined && stop !== null && !Array.isArray(stop))
    return { message: 'option "stop" must be of type array' };
  const wrong = Object.keys(NUMBER_OPTIONS).find((name) => typeof (options[name] ?? 0) !== 'number');
  return wrong === undefined ? undefined : { message: `option "${wrong}" must be of type ${NUMBER_OPTIONS[wrong]}` };
}

function checkLogprobs(count: unknown): ReplyError | undefined {
  if (typeof count !== 'number' || (count >= 0 && count <= 20)) return undefined;
  return { message: 'top_logprobs must be between 0 and 20' };
}
