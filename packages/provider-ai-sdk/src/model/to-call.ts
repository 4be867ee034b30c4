import type { CompletionOptions, CompletionRequest, ResponseFormat, Tool, ToolChoice } from '@anyllm/core';
import { InvalidRequestError, UnsupportedParameterError } from '@anyllm/core';
import type {
  ModelCallOptions,
  ModelResponseFormat,
  ModelTool,
  ModelToolChoice,
  ModelWarning,
} from '../specification.ts';
import { toMessages } from './to-messages.ts';

/** What `providerOptions.anyllm` may hold. */
export interface AnyLLMOptions {
  /** Fields of the request that AI SDK has no word for, or that are to win over its own. */
  request?: Partial<CompletionRequest>;
  /** How the call runs: time limits, retries, fallbacks. */
  options?: CompletionOptions;
}

type Fields = Record<string, unknown>;

export interface OurCall {
  request: CompletionRequest;
  options: CompletionOptions;
  /** What could not be taken over. */
  warnings: ModelWarning[];
}

/**
 * Translates a call. The options of other providers stay under their names, as `provider_options`.
 * @throws UnsupportedParameterError for what cannot be left out without changing what is asked
 * @throws InvalidRequestError for an option of ours that there is not
 */
export function toCall(model: string, call: ModelCallOptions): OurCall {
  const { anyllm = {}, ...provider_options } = call.providerOptions ?? {};
  const own = parseOwn(anyllm);
  const warnings: ModelWarning[] = [];
  if (call.topK !== undefined) warnings.push({ type: 'unsupported', feature: 'topK' });
  const warn = (feature: string) => warnings.push({ type: 'unsupported', feature });
  const request: Fields = {
    model,
    messages: toMessages(call.prompt, model, warn),
    max_tokens: call.maxOutputTokens,
    temperature: call.temperature,
    top_p: call.topP,
    stop: call.stopSequences,
    seed: call.seed,
    frequency_penalty: call.frequencyPenalty,
    presence_penalty: call.presencePenalty,
    tools: call.tools?.map((tool) => toTool(tool, warn)),
    tool_choice: call.toolChoice && toToolChoice(call.toolChoice),
    response_format: call.responseFormat && toResponseFormat(call.responseFormat),
    reasoning_effort: call.reasoning === 'provider-default' ? undefined : call.reasoning,
    ...(Object.keys(provider_options).length > 0 && { provider_options }),
    ...own.request,
  };
  return {
    request: withoutUndefined(request) as unknown as CompletionRequest,
    options: toOptions(call, own),
    warnings,
  };
}

/** A misspelt option would silently not be in force. */
export function parseOwn(anyllm: object): AnyLLMOptions {
  const unknown = Object.keys(anyllm).find((name) => name !== 'request' && name !== 'options');
  if (unknown === undefined) return anyllm;
  const path = `providerOptions.anyllm.${unknown}`;
  throw new InvalidRequestError(`anyllm: \`${path}\` is not known; known are request, options`, { path });
}

function toOptions({ abortSignal, headers }: ModelCallOptions, { options }: AnyLLMOptions): CompletionOptions {
  return {
    ...options,
    headers: { ...withoutUndefined(headers ?? {}), ...options?.headers },
    ...(abortSignal && { signal: abortSignal }),
  };
}

function toTool(tool: ModelTool, warn: (feature: string) => void): Tool {
  if (tool.type === 'provider') {
    const message = `anyllm: the tool \`${tool.id}\` of a vendor is not supported`;
    throw new UnsupportedParameterError(message, { parameter: 'tools' });
  }
  const { name, description, inputSchema, inputExamples, strict } = tool;
  if (inputExamples) warn('inputExamples');
  return {
    type: 'function',
    function: {
      name,
      parameters: inputSchema as Record<string, unknown>,
      ...(description !== undefined && { description }),
      ...(strict !== undefined && { strict }),
    },
  };
}

function toToolChoice(choice: ModelToolChoice): ToolChoice {
  return choice.type === 'tool' ? { type: 'function', function: { name: choice.toolName } } : choice.type;
}

/** A schema of theirs may have optional fields, which strict vendors refuse: they are not asked to be. */
function toResponseFormat(format: ModelResponseFormat): ResponseFormat {
  if (format.type === 'text') return { type: 'text' };
  const { schema, name = 'response', description } = format;
  if (schema === undefined) return { type: 'json_object' };
  return {
    type: 'json_schema',
    json_schema: {
      name,
      schema: schema as Record<string, unknown>,
      ...(description !== undefined && { description }),
    },
  };
}

export function withoutUndefined<T>(fields: Record<string, T | undefined>): Record<string, T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Record<string, T>;
}
