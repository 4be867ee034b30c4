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
import type { AuthHeader, Quirks } from './quirks.ts';
import { toCapabilities } from './to-capabilities.ts';
import { toConnection } from './to-connection.ts';
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
  /**
   * The environment variable of the key, or several in order of preference. Absent: no key is needed, one that is given
   * is sent.
   */
  apiKeyEnv?: string | readonly string[];
  /** The server also works without a key. Default `false`, where there is a variable for it. */
  apiKeyOptional?: boolean;
  /** What the server can do beyond, or short of, `openAICapabilities`. */
  capabilities?: Partial<Capabilities>;
  quirks?: Quirks;
  config?: ProviderConfig;
}

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
  const { id, name, quirks = {}, config = {} } = settings;
  const headersFor = headersFrom(quirks);
  return defineProvider({
    id,
    ...(name !== undefined && { name }),
    capabilities: toCapabilities(settings.capabilities, quirks),
    connection: toConnection(settings, quirks),
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
    const { chatPath = 'chat/completions', mapError } = quirks;
    return {
      provider: id,
      model: request.model,
      path: typeof chatPath === 'string' ? chatPath : chatPath(request),
      body,
      headers: stream ? { ...headersFor(), accept: 'text/event-stream' } : headersFor(),
      authHeader: authHeaderFor(context.apiKey, quirks),
      mapError,
    };
  }

  function translation(
    request: ChatRequest,
    context: ProviderContext,
    requestId: string | undefined,
  ): TranslationContext {
    const { apiKey, observer } = context;
    return { provider: id, model: request.model, requestId, apiKey, observer, quirks };
  }
}

/** In lower case, so that a caller's own of the same name wins. */
function headersFrom({ headers = {} }: Quirks): () => Record<string, string> {
  if (typeof headers === 'function') return () => inLowerCase(headers());
  const fixed = inLowerCase(headers);
  return () => fixed;
}

function inLowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  const lower: Record<string, string> = {};
  for (const name of Object.keys(headers)) lower[name.toLowerCase()] = headers[name] as string;
  return lower;
}

function authHeaderFor(apiKey: string | undefined, { authHeader = 'bearer' }: Quirks): AuthHeader {
  return typeof authHeader === 'string' ? authHeader : authHeader(apiKey ?? '');
}
