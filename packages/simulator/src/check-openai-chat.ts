import { isObject } from './answer.ts';
import { asArray, textOf } from './chat-question.ts';
import { findInStrictSchema } from './check-strict-schema.ts';
import type { JsonObject } from './recorded-request.ts';
import type { ReplyError } from './reply.ts';

const FIELDS = new Set(
  `audio frequency_penalty function_call functions logit_bias logprobs max_completion_tokens max_tokens messages metadata
  modalities model moderation n parallel_tool_calls prediction presence_penalty prompt_cache_key prompt_cache_options
  prompt_cache_retention reasoning_effort response_format safety_identifier seed service_tier stop store stream
  stream_options temperature tool_choice tools top_logprobs top_p user verbosity web_search_options`.split(/\s+/),
);

const ROLES = ['system', 'assistant', 'user', 'function', 'tool', 'developer'];

const RANGES: Record<string, [lowest: number, highest: number]> = {
  temperature: [0, 2],
  top_p: [0, 1],
  frequency_penalty: [-2, 2],
  presence_penalty: [-2, 2],
  n: [1, 128],
  top_logprobs: [0, 20],
  max_tokens: [1, Infinity],
  max_completion_tokens: [1, Infinity],
};

/** What tunes sampling, with the only value that reasoning models take. */
const TUNING: Record<string, number> = { temperature: 1, top_p: 1, frequency_penalty: 0, presence_penalty: 0 };

/** The first reason for which OpenAI refuses a chat request. */
export function checkOpenaiChat(body: JsonObject): ReplyError | undefined {
  return (
    checkModel(body) ??
    checkFields(body) ??
    checkMessages(body.messages) ??
    checkRanges(body) ??
    checkTools(body) ??
    checkFormat(body) ??
    checkReasoningModel(body)
  );
}

/** Reasoning models refuse what tunes sampling. */
export function isReasoningModel(model: string): boolean {
  return /^(o\d|gpt-[5-9](?!.*chat))/.test(model);
}

export function checkModel(body: JsonObject): ReplyError | undefined {
  if (typeof body.model !== 'string' || body.model === '') return { message: 'you must provide a model parameter' };
  return isUnknownModel(body.model) ? unknownModel(body.model) : undefined;
}

export function isUnknownModel(model: string): boolean {
  return /^(unknown|missing)/.test(model);
}

export function unknownModel(model: string): ReplyError {
  const message = `The model \`${model}\` does not exist or you do not have access to it.`;
  return { status: 404, code: 'model_not_found', message };
}

function checkFields(body: JsonObject): ReplyError | undefined {
  const param = Object.keys(body).find((field) => !FIELDS.has(field));
  return param === undefined
    ? undefined
    : { param, code: 'unknown_parameter', message: `Unknown parameter: '${param}'.` };
}

function checkMessages(messages: unknown): ReplyError | undefined {
  const param = 'messages';
  if (messages === undefined)
    return { param, code: 'missing_required_parameter', message: "Missing required parameter: 'messages'." };
  if (!Array.isArray(messages))
    return {
      param,
      code: 'invalid_type',
      message: `Invalid type for 'messages': expected an array of objects, but got a ${typeof messages} instead.`,
    };
  if (messages.length === 0) return emptyArray(param);
  return checkRoles(messages) ?? checkToolResults(messages);
}

function checkRoles(messages: unknown[]): ReplyError | undefined {
  const i = messages.findIndex((message) => !isObject(message) || !ROLES.includes(String(message.role)));
  if (i < 0) return undefined;
  const message = messages[i];
  const param = `messages[${i}].role`;
  const role = isObject(message) ? message.role : undefined;
  const supported = ROLES.map((name) => `'${name}'`)
    .join(', ')
    .replace(/, (?=[^,]*$)/, ', and ');
  return { param, code: 'invalid_value', message: `Invalid value: '${role}'. Supported values are: ${supported}.` };
}

// Every call wants its result before anything else is said, and every result a call.
function checkToolResults(messages: JsonObject[]): ReplyError | undefined {
  let open = new Set<unknown>();
  for (const [i, message] of messages.entries()) {
    const param = `messages.[${i}].role`;
    if (message.role === 'tool') {
      if (!open.delete(message.tool_call_id)) return { param, message: ORPHANED_RESULT };
      continue;
    }
    if (open.size > 0) return unanswered(open, param);
    open = new Set(asArray(message.tool_calls).map((call) => isObject(call) && call.id));
  }
  return open.size > 0 ? unanswered(open, 'messages') : undefined;
}

const ORPHANED_RESULT =
  "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.";

function unanswered(ids: Set<unknown>, param: string): ReplyError {
  const message =
    "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. " +
    `The following tool_call_ids did not have response messages: ${[...ids].join(', ')}`;
  return { param, message };
}

function checkRanges(body: JsonObject): ReplyError | undefined {
  for (const [param, [lowest, highest]] of Object.entries(RANGES)) {
    const value = body[param];
    if (typeof value !== 'number') continue;
    if (value < lowest) return outOfRange(param, value, 'below_min', `minimum value. Expected a value >= ${lowest}`);
    if (value > highest) return outOfRange(param, value, 'above_max', `maximum value. Expected a value <= ${highest}`);
  }
  return undefined;
}

function outOfRange(param: string, value: number, side: string, limit: string): ReplyError {
  const type = param in TUNING ? 'decimal' : 'integer';
  const message = `Invalid '${param}': ${type} ${side.split('_')[0]} ${limit}, but got ${value} instead.`;
  return { param, code: `${type}_${side}_value`, message };
}

function checkTools(body: JsonObject): ReplyError | undefined {
  if (Array.isArray(body.tools) && body.tools.length === 0) return emptyArray('tools');
  const orphan = ['tool_choice', 'parallel_tool_calls'].find(
    (param) => (body[param] ?? undefined) !== undefined && !body.tools,
  );
  if (orphan) return onlyAllowed(orphan, `'${orphan}' is only allowed when 'tools' are specified`);
  if (body.stream_options && body.stream !== true)
    return {
      param: 'stream_options',
      message: "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
    };
  if (body.top_logprobs && body.logprobs !== true)
    return onlyAllowed('top_logprobs', "'top_logprobs' is only allowed when 'logprobs' is enabled");
  return checkStrictTools(body.tools);
}

function checkStrictTools(tools: unknown): ReplyError | undefined {
  for (const [i, tool] of asArray(tools).entries()) {
    const called = isObject(tool) && isObject(tool.function) ? tool.function : {};
    const { name, strict, parameters } = called;
    const reason = strict === true && isObject(parameters) ? findInStrictSchema(parameters) : undefined;
    if (reason)
      return { param: `tools[${i}].function.parameters`, message: `Invalid schema for function '${name}': ${reason}` };
  }
  return undefined;
}

function checkFormat(body: JsonObject): ReplyError | undefined {
  const format = body.response_format;
  if (!isObject(format)) return undefined;
  const spoken = asArray(body.messages).map((message) => (isObject(message) ? textOf(message.content) : ''));
  if (format.type === 'json_object' && !/json/i.test(spoken.join('\n')))
    return {
      param: 'messages',
      message: "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
    };
  return isObject(format.json_schema) ? checkStrictSchema(format.json_schema) : undefined;
}

function checkStrictSchema({ name, schema, strict }: JsonObject): ReplyError | undefined {
  const reason = strict === true && isObject(schema) ? findInStrictSchema(schema) : undefined;
  return reason === undefined
    ? undefined
    : { param: 'response_format', message: `Invalid schema for response_format '${name}': ${reason}` };
}

function checkReasoningModel(body: JsonObject): ReplyError | undefined {
  const model = String(body.model);
  if (!isReasoningModel(model)) return undefined;
  if ((body.max_tokens ?? undefined) !== undefined)
    return unsupported(
      'max_tokens',
      "'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    );
  // From gpt-5.1 on a model that does not reason may be tuned.
  if (/^gpt-(5\.[1-9]|[6-9])/.test(model) && body.reasoning_effort === 'none') return undefined;
  const dropped = ['logprobs', 'top_logprobs', 'logit_bias'].find((param) => body[param]);
  if (dropped) return unsupported(dropped, `'${dropped}' is not supported with this model.`);
  const tuned = Object.keys(TUNING).find((param) => (body[param] ?? TUNING[param]) !== TUNING[param]);
  return tuned === undefined ? undefined : unsupportedValue(tuned, body[tuned]);
}

function unsupported(param: string, reason: string): ReplyError {
  return { param, code: 'unsupported_parameter', message: `Unsupported parameter: ${reason}` };
}

function unsupportedValue(param: string, value: unknown): ReplyError {
  const message =
    `Unsupported value: '${param}' does not support ${value} with this model. ` +
    `Only the default (${TUNING[param]}) value is supported.`;
  return { param, code: 'unsupported_value', message };
}

function onlyAllowed(param: string, reason: string): ReplyError {
  return { param, message: `Invalid value for '${param}': ${reason}.` };
}

function emptyArray(param: string): ReplyError {
  const message = `Invalid '${param}': empty array. Expected an array with minimum length 1, but got an empty array instead.`;
  return { param, code: 'empty_array', message };
}
