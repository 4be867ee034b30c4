import {
  type Capabilities,
  type ChatRequest,
  defineProvider,
  onDemand,
  type Provider,
  type ProviderCompletion,
  type ProviderConfig,
  type ProviderContext,
  type ProviderOperations,
  UnsupportedParameterError,
} from '@anyllm/core/provider';
import type { WireRequest } from '../http/exchange.ts';
import { lateStream } from '../http/late-stream.ts';
import { requestJson } from '../http/request-json.ts';
import type { TranslationContext } from './chunk-translator.ts';
import { createEndpoint, type Endpoint } from './endpoint.ts';
import { readPlainAnswer } from './plain-answer.ts';
import type { AnswerQuirks, Quirks, WireBody } from './quirks.ts';
import { toCapabilities } from './to-capabilities.ts';
import { toConnection } from './to-connection.ts';
import { toOpenAIRequest } from './to-openai-request.ts';

const streams = /* @__PURE__ */ onDemand(() => import('./stream-chat.ts'));
const answers = /* @__PURE__ */ onDemand(() => import('./to-completion.ts'));

/** What a vendor is called, where it is, what it can do, and in what it differs. */
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
  /** `false`: the server only has what `operations` say. Default `true`. */
  completions?: boolean;
  /** What the server can do beside completions. Default: nothing. */
  operations?: (endpoint: Endpoint, chat: ChatTranslation) => Partial<ProviderOperations>;
}

/** How the server's chat is spoken, for operations that hold requests and answers of it. */
export interface ChatTranslation {
  /** The body of a request for a whole answer. Pure but for warnings. */
  toBody(request: ChatRequest, context: ProviderContext): WireBody;
  /** What it takes to read an answer. */
  translation(model: string, context: ProviderContext, requestId: string | undefined): TranslationContext;
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
  const endpoint = createEndpoint(id, quirks);
  return defineProvider({
    ...settings.operations?.(endpoint, { toBody, translation }),
    id,
    ...(name !== undefined && { name }),
    capabilities: toCapabilities(settings.capabilities, quirks),
    connection: toConnection(settings, quirks),
    config,
    complete: async (request, context) =>
      requestJson(toWire(request, context, false), context, ({ json, response }) =>
        toAnswer(json, translation(request.model, context, response.requestId)),
      ),
    stream(request, context) {
      const wire = toWire(request, context, true);
      return lateStream(streams(), ({ streamChat }) =>
        streamChat(wire, context, ({ requestId }) => translation(request.model, context, requestId)),
      );
    },
  });

  function toWire(request: ChatRequest, context: ProviderContext, stream: boolean): WireRequest {
    if (settings.completions === false) throw noCompletions(id, request.model);
    const body = toBody(request, context, stream);
    const { chatPath = 'chat/completions' } = quirks;
    const path = typeof chatPath === 'string' ? chatPath : chatPath(request);
    const headers = stream ? { accept: 'text/event-stream' } : undefined;
    return endpoint({ model: request.model, path, body, headers }, context);
  }

  function toBody(request: ChatRequest, context: ProviderContext, stream = false): WireBody {
    return toOpenAIRequest(id, request, context, quirks, stream);
  }

  function translation(model: string, context: ProviderContext, requestId: string | undefined): TranslationContext {
    const { apiKey, observer } = context;
    return { provider: id, model, requestId, apiKey, observer, quirks };
  }
}

function toAnswer(json: unknown, context: TranslationContext): ProviderCompletion | Promise<ProviderCompletion> {
  const plain = context.quirks && readsOtherwise(context.quirks) ? undefined : readPlainAnswer(json);
  if (plain) return plain;
  const loaded = answers();
  if (!(loaded instanceof Promise)) return loaded.toCompletion(json, context);
  return loaded.then(({ toCompletion }) => toCompletion(json, context));
}

/** Whether the server says in a way of its own what a plain answer says too. */
function readsOtherwise({ inlineThinkTags, mapError, mapFinishReason, mapUsage }: AnswerQuirks): boolean {
  return Boolean(inlineThinkTags || mapError || mapFinishReason || mapUsage);
}

function noCompletions(provider: string, model: string): UnsupportedParameterError {
  const message = `${provider}: completions are not supported by this provider`;
  return new UnsupportedParameterError(message, { provider, model, parameter: 'messages' });
}
