import type {
  ChatRequest,
  FunctionTool,
  ProviderContext,
  ResponseFormat,
  Tool,
  ToolChoice,
} from '@anyllm/core/provider';
import type {
  JsonObject,
  ModelCallOptions,
  ModelResponseFormat,
  ModelTool,
  ModelToolChoice,
} from '../specification.ts';
import { type PromptContext, toPrompt } from './to-prompt.ts';

/** The parameters that the specification has a place for, and with them what a bridged provider is capable of. */
export const parameters = [
  'temperature',
  'top_p',
  'stop',
  'seed',
  'frequency_penalty',
  'presence_penalty',
  'tools',
  'tool_choice',
  'response_format',
  'reasoning_effort',
] as const satisfies (keyof ChatRequest)[];

/**
 * Translates a request. The model's own options are those of `provider_options` under the provider's id.
 * @throws InvalidRequestError for a content part that cannot be read
 */
export function toCallOptions(
  request: ChatRequest,
  { signal, headers }: Pick<ProviderContext, 'signal' | 'headers'>,
  context: PromptContext,
): ModelCallOptions {
  return {
    prompt: toPrompt(request.messages, context),
    maxOutputTokens: request.max_completion_tokens ?? request.max_tokens,
    temperature: request.temperature,
    topP: request.top_p,
    stopSequences: typeof request.stop === 'string' ? [request.stop] : (request.stop ?? undefined),
    seed: request.seed,
    frequencyPenalty: request.frequency_penalty,
    presencePenalty: request.presence_penalty,
    tools: request.tools?.filter(isFunctionTool).map(toModelTool),
    toolChoice: request.tool_choice && toModelToolChoice(request.tool_choice),
    responseFormat: request.response_format && toModelResponseFormat(request.response_format, context),
    reasoning: request.reasoning_effort,
    providerOptions: toProviderOptions(request, context),
    headers: { ...headers },
    abortSignal: signal,
  };
}

/** Core has refused the others. */
function isFunctionTool(tool: Tool): tool is FunctionTool {
  return tool.type === 'function';
}

function toModelTool({ function: { name, description, parameters, strict } }: FunctionTool): ModelTool {
  return {
    type: 'function',
    name,
    inputSchema: parameters ?? { type: 'object', properties: {} },
    ...(description !== undefined && { description }),
    ...(typeof strict === 'boolean' && { strict }),
  };
}

function toModelToolChoice(choice: ToolChoice): ModelToolChoice {
  if (typeof choice === 'string') return { type: choice };
  return { type: 'tool', toolName: choice.type === 'function' ? choice.function.name : choice.custom.name };
}

function toModelResponseFormat(format: ResponseFormat, { drop }: PromptContext): ModelResponseFormat {
  if (format.type !== 'json_schema') return { type: format.type === 'text' ? 'text' : 'json' };
  const { name, description, schema, strict } = format.json_schema;
  if (strict === false) drop('response_format.json_schema.strict'); // whoever is strict is so by an option of its own
  return {
    type: 'json',
    name,
    ...(description !== undefined && { description }),
    ...(schema !== undefined && { schema }),
  };
}

function toProviderOptions({ provider_options }: ChatRequest, { providerId, optionsKey }: PromptContext) {
  const own = provider_options?.[providerId] as JsonObject | undefined;
  return own && { [optionsKey]: own };
}
