import { isObject } from './answer.ts';
import { asArray } from './chat-question.ts';
import { checkModel, isReasoningModel } from './check-openai-chat.ts';
import type { JsonObject } from './recorded-request.ts';
import type { ReplyError } from './reply.ts';

const FIELDS = new Set(
  `background context_management conversation include input instructions max_output_tokens max_tool_calls metadata model
  moderation parallel_tool_calls previous_response_id prompt prompt_cache_key prompt_cache_options
  prompt_cache_retention reasoning safety_identifier service_tier store stream stream_options temperature text
  tool_choice tools top_logprobs top_p truncation user`.split(/\s+/),
);

const ROLES = ['assistant', 'system', 'developer', 'user'];

const ITEMS = new Set(
  `message function_call function_call_output custom_tool_call custom_tool_call_output reasoning item_reference
  compaction web_search_call file_search_call code_interpreter_call image_generation_call computer_call
  computer_call_output mcp_call mcp_list_tools mcp_approval_request mcp_approval_response local_shell_call
  local_shell_call_output shell_call shell_call_output apply_patch_call apply_patch_call_output`.split(/\s+/),
);

const LEAST_OUTPUT_TOKENS = 16;

/** The first reason for which OpenAI refuses to make a response. */
export function checkOpenaiResponses(body: JsonObject): ReplyError | undefined {
  return (
    checkModel(body) ??
    checkFields(body) ??
    checkInput(body.input) ??
    checkMemory(body) ??
    checkNumbers(body) ??
    checkTools(body.tools) ??
    checkReasoningModel(body)
  );
}

function checkFields(body: JsonObject): ReplyError | undefined {
  const param = Object.keys(body).find((field) => !FIELDS.has(field));
  return param === undefined ? undefined : unknown(param);
}

function unknown(param: string): ReplyError {
  return { param, code: 'unknown_parameter', message: `Unknown parameter: '${param}'.` };
}

function missing(param: string): ReplyError {
  return { param, code: 'missing_required_parameter', message: `Missing required parameter: '${param}'.` };
}

function invalid(param: string, value: unknown, supported: Iterable<string>): ReplyError {
  const values = [...supported].map((name) => `'${name}'`).join(', ');
  return { param, code: 'invalid_value', message: `Invalid value: '${value}'. Supported values are: ${values}.` };
}

function checkInput(input: unknown): ReplyError | undefined {
  if (input === undefined) return missing('input');
  if (typeof input === 'string') return undefined;
  for (const [at, item] of asArray(input).entries()) {
    const error = checkItem(isObject(item) ? item : {}, `input[${at}]`);
    if (error) return error;
  }
  return checkOutputs(asArray(input).filter(isObject));
}

function checkItem(
  { type = 'message', role, content, call_id, summary }: JsonObject,
  path: string,
): ReplyError | undefined {
  if (!ITEMS.has(String(type))) return invalid(`${path}.type`, type, ITEMS);
  if (type === 'message') return checkMessage(role, content, path);
  if (/^(function|custom_tool)_call/.test(String(type)) && !call_id) return missing(`${path}.call_id`);
  return type === 'reasoning' && !Array.isArray(summary) ? missing(`${path}.summary`) : undefined;
}

function checkMessage(role: unknown, content: unknown, path: string): ReplyError | undefined {
  if (!ROLES.includes(String(role))) return invalid(`${path}.role`, role, ROLES);
  const allowed = role === 'assistant' ? ['output_text', 'refusal'] : ['input_text', 'input_image', 'input_file'];
  for (const [at, part] of asArray(content).entries()) {
    const { type, image_url } = isObject(part) ? part : {};
    const own = `${path}.content[${at}]`;
    if (!allowed.includes(String(type))) return invalid(`${own}.type`, type, allowed);
    if (isObject(image_url)) {
      const message = `Invalid type for '${own}.image_url': expected an image URL, but got an object instead.`;
      return { param: `${own}.image_url`, code: 'invalid_type', message };
    }
  }
  return undefined;
}

// Every call wants its output, and every output its call.
function checkOutputs(items: JsonObject[]): ReplyError | undefined {
  const ids = (pattern: RegExp) => items.filter(({ type }) => pattern.test(String(type))).map(({ call_id }) => call_id);
  const [calls, outputs] = [ids(/_call$/), ids(/_call_output$/)];
  const orphan = outputs.find((id) => !calls.includes(id));
  if (orphan) return { param: 'input', message: `No tool call found for function call output with call_id ${orphan}.` };
  const open = ids(/^(function|custom_tool)_call$/).find((id) => !outputs.includes(id));
  return open ? { param: 'input', message: `No tool output found for function call ${open}.` } : undefined;
}

// Nothing is kept here, so that no earlier response is known.
function checkMemory({ previous_response_id: id, conversation }: JsonObject): ReplyError | undefined {
  const param = 'previous_response_id';
  if (id && conversation) return { param, message: "'previous_response_id' and 'conversation' cannot both be given." };
  if (!id) return undefined;
  return { param, code: 'previous_response_not_found', message: `Previous response with id '${id}' not found.` };
}

function checkNumbers({ max_output_tokens: limit, temperature }: JsonObject): ReplyError | undefined {
  if (typeof limit === 'number' && limit < LEAST_OUTPUT_TOKENS)
    return {
      param: 'max_output_tokens',
      code: 'integer_below_min_value',
      message: `Invalid 'max_output_tokens': integer below minimum value. Expected a value >= ${LEAST_OUTPUT_TOKENS}, but got ${limit} instead.`,
    };
  if (typeof temperature === 'number' && temperature > 2)
    return {
      param: 'temperature',
      code: 'decimal_above_max_value',
      message: `Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got ${temperature} instead.`,
    };
  return undefined;
}

/** Flat, unlike those of chat. */
function checkTools(tools: unknown): ReplyError | undefined {
  for (const [at, tool] of asArray(tools).entries()) {
    const { type, name } = isObject(tool) ? tool : {};
    if (type === undefined) return missing(`tools[${at}].type`);
    if ((type === 'function' || type === 'custom') && !name) return missing(`tools[${at}].name`);
  }
  return undefined;
}

function checkReasoningModel(body: JsonObject): ReplyError | undefined {
  const model = String(body.model);
  const { effort } = isObject(body.reasoning) ? body.reasoning : {};
  if (isReasoningModel(model) && effort !== 'none') {
    const param = ['temperature', 'top_p'].find((name) => (body[name] ?? 1) !== 1);
    return param
      ? { param, message: `Unsupported parameter: '${param}' is not supported with this model.` }
      : undefined;
  }
  if (isReasoningModel(model) || !effort) return undefined;
  const param = 'reasoning.effort';
  return {
    param,
    code: 'unsupported_parameter',
    message: `Unsupported parameter: '${param}' is not supported with this model.`,
  };
}
