import type { AttemptObserver, ChatRequest, ReasoningEffort, ResponseFormat, Tool } from '@anyllm/core/provider';
import { splitOllamaOptions } from './ollama-options.ts';
import { type Drop, toOllamaMessages } from './to-ollama-messages.ts';

type Fields = Record<string, unknown>;

/**
 * Translates a request to the body of `/api/chat`; a member that is `undefined` is not sent. Pure but for warnings.
 * Source: Ollama's API reference, "Generate a chat completion".
 */
export function toOllamaRequest(request: ChatRequest, stream: boolean, observer: AttemptObserver): Fields {
  const { model, messages, tools, tool_choice, logprobs, top_logprobs, provider_options } = request;
  const drop = dropWith(observer);
  const own = splitOllamaOptions(provider_options?.ollama);
  return {
    model,
    messages: toOllamaMessages(messages, drop),
    stream, // the server's default is to stream
    // There is no `tool_choice`: a model that knows of no tools calls none.
    tools: tool_choice === 'none' ? undefined : tools && toOllamaTools(tools, drop),
    format: toFormat(request.response_format, drop),
    think: toThink(request.reasoning_effort),
    logprobs,
    top_logprobs,
    ...own.fields,
    options: unlessEmpty({ ...toModelOptions(request), ...own.options }),
  };
}

function dropWith(observer: AttemptObserver): Drop {
  return (parameter) => {
    const message = `ollama has no \`${parameter}\`; it was left out`;
    observer.warn({ code: 'parameter_dropped', parameter, message });
  };
}

function toModelOptions(request: ChatRequest): Fields {
  const { temperature, top_p, seed, presence_penalty, frequency_penalty, stop } = request;
  return {
    temperature,
    top_p,
    seed,
    presence_penalty,
    frequency_penalty,
    num_predict: request.max_completion_tokens ?? request.max_tokens,
    stop: typeof stop === 'string' ? [stop] : stop, // a text alone is refused
  };
}

function unlessEmpty(options: Fields): Fields | undefined {
  return Object.values(options).some((value) => value !== undefined) ? options : undefined;
}

/** With only what Ollama reads. The templates of some models fail over a tool without parameters. */
function toOllamaTools(tools: readonly Tool[], drop: Drop): Fields[] {
  return tools.flatMap((tool, at) => {
    if (tool.type !== 'function') return []; // refused by the capabilities
    const { name, description, parameters = { type: 'object', properties: {} }, strict } = tool.function;
    if (strict) drop(`tools[${at}].function.strict`);
    return [{ type: 'function', function: { name, description, parameters } }];
  });
}

/** A schema without its name. Decoding is held to it in any case, so that `strict` asks for nothing more. */
function toFormat(format: ResponseFormat | undefined, drop: Drop): unknown {
  if (format?.type === 'json_object') return 'json';
  if (format?.type !== 'json_schema') return undefined;
  if (format.json_schema.description !== undefined) drop('response_format.json_schema.description');
  return format.json_schema.schema ?? 'json';
}

const thinkLevels: Record<ReasoningEffort, false | string> = {
  none: false,
  minimal: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'max',
  max: 'max',
};

/** A model that can only think or not takes any level for `true`. */
function toThink(effort: ReasoningEffort | undefined): false | string | undefined {
  return effort === undefined ? undefined : thinkLevels[effort];
}
