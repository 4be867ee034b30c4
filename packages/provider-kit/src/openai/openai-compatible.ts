import {
  type Capabilities,
  type ChatRequest,
  defineProvider,
  foldCompletion,
  type Provider,
  type ProviderConfig,
  type ProviderContext,
} from '@anyllm/core/provider';
import type { WireRequest } from '../http/exchange.ts';
import { requestJson } from '../http/request-json.ts';
import { requestStream } from '../http/request-stream.ts';
import { createChatDecoder } from './chat-decoder.ts';
import type { TranslationContext } from './chunk-translator.ts';
import type { Quirks } from './quirks.ts';
import { toOpenAIRequest } from './to-openai-request.ts';
import { wholeToChunks } from './whole-to-chunks.ts';

export interface OpenAICompatibleSettings<Id extends string> {
  id: Id;
  /** For people. Default: the id. */
  name?: string;
  /** The address up to and without `/chat/completions`. Absent when the user must name one. */
  baseURL?: string;
  /** The environment variable of the base URL, or several in order of preference. Default: none. */
  baseURLEnv?: string | readonly string[];
  /** Brings what a user gives as base URL into the expected form. */
  normalizeBaseURL?: (value: string) => string;
  /** The environment variable of the key. Absent: no key is needed, one that is given is sent. */
  apiKeyEnv?: string;
  /** What the server can do beyond, or short of, `openAICapabilities`. */
  capabilities?: Partial<Capabilities>;
  quirks?: Quirks;
  config?: ProviderConfig;
}

/** All of the OpenAI chat shape; a server that has less says so. */
export const openAICapabilities: Capabilities = {
  parameters: [
    'temperature',
    'top_p',
    'stop',
    'seed',
    'frequency_penalty',
    'presence_penalty',
    'logit_bias',
    'logprobs',
    'top_logprobs',
    'n',
    'tools',
    'tool_choice',
    'parallel_tool_calls',
    'response_format',
    'reasoning_effort',
    'user',
  ],
  content: ['image_url', 'image_data'],
  responseFormats: ['json_object', 'json_schema'],
  toolChoices: ['none', 'required', 'named'],
  customTools: false,
  reasoning: true,
};

/**
 * A provider for a server that speaks OpenAI's chat completions.
 *
 * @example
 * export const groq = openAICompatible({
 *   id: 'groq',
 *   baseURL: 'https://api.groq.com/openai/v1',
 *   apiKeyEnv: 'GROQ_API_KEY',
 * });
 */
export function openAICompatible<const Id extends string>(settings: OpenAICompatibleSettings<Id>): Provider<Id> {
  const { id, name, apiKeyEnv, baseURLEnv = [], quirks = {}, config = {} } = settings;
  return defineProvider({
    id,
    ...(name !== undefined && { name }),
    capabilities: { ...openAICapabilities, ...settings.capabilities },
    connection: {
      ...(apiKeyEnv !== undefined && { apiKey: { env: [apiKeyEnv], required: true } }),
      baseURL: {
        env: typeof baseURLEnv === 'string' ? [baseURLEnv] : baseURLEnv,
        ...(settings.baseURL !== undefined && { default: settings.baseURL }),
        ...(settings.normalizeBaseURL && { normalize: settings.normalizeBaseURL }),
      },
    },
    config,
    async complete(request, context) {
      const { json, response } = await requestJson(toWire(request, context, false), context);
      return foldCompletion(wholeToChunks(json, translation(request, context, response.requestId)));
    },
    stream(request, context) {
      return requestStream(toWire(request, context, true), context, ({ requestId }) =>
        createChatDecoder(translation(request, context, requestId)),
      );
    },
  });

  function toWire(request: ChatRequest, context: ProviderContext, stream: boolean): WireRequest {
    const body = toOpenAIRequest(id, request, context, quirks, stream);
    const headers = { ...quirks.headers?.(), ...(stream && { accept: 'text/event-stream' }) };
    return { provider: id, model: request.model, path: 'chat/completions', body, headers };
  }

  function translation(
    request: ChatRequest,
    context: ProviderContext,
    requestId: string | undefined,
  ): TranslationContext {
    return { provider: id, model: request.model, requestId, apiKey: context.apiKey, observer: context.observer };
  }
}
