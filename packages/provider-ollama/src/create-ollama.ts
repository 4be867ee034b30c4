import {
  type ChatRequest,
  defineProvider,
  onDemand,
  type Provider,
  type ProviderConfig,
  type ProviderContext,
} from '@anyllm/core/provider';
import { lateStream, requestJson, type WireRequest, type WireResponse } from '@anyllm/provider-kit';
import { ChunkTranslator, type TranslationContext } from './chunk-translator.ts';
import { parseOllamaHost } from './ollama-host.ts';
import { toOllamaRequest } from './to-ollama-request.ts';

const streams = /* @__PURE__ */ onDemand(() => import('./stream-chat.ts'));
const answers = /* @__PURE__ */ onDemand(() => import('./to-completion.ts'));

/**
 * Ollama by its own protocol, `/api/chat`. Address: `OLLAMA_HOST`, by default the server on this machine.
 * Key: `OLLAMA_API_KEY`, which only ollama.com and some proxies ask for.
 */
export function createOllama(config: ProviderConfig = {}): Provider<'ollama'> {
  return defineProvider({
    id: 'ollama',
    name: 'Ollama',
    capabilities: {
      parameters: [
        'temperature',
        'top_p',
        'stop',
        'seed',
        'frequency_penalty',
        'presence_penalty',
        'logprobs',
        'top_logprobs',
        'tools',
        'tool_choice',
        'response_format',
        'reasoning_effort',
      ],
      content: ['image_data'],
      responseFormats: ['json_object', 'json_schema'],
      toolChoices: ['none'],
      reasoning: true,
    },
    connection: {
      apiKey: { env: ['OLLAMA_API_KEY'], required: false },
      baseURL: { env: ['OLLAMA_HOST'], default: 'http://127.0.0.1:11434', normalize: parseOllamaHost },
    },
    config,
    complete: async (request, context) =>
      requestJson(toWire(request, context, false), context, async ({ json, response }) => {
        const { toCompletion } = await answers();
        return toCompletion(json, translation(request, context, response));
      }),
    stream(request, context) {
      const wire = toWire(request, context, true);
      return lateStream(streams(), ({ streamChat }) =>
        streamChat(wire, context, (response) => new ChunkTranslator(translation(request, context, response))),
      );
    },
    embed: async (request, context) => (await import('./embed.ts')).embed(request, context),
    listModels: async (request, context) => (await import('./list-models.ts')).listModels(request, context),
    async *streamTranscription(request, context) {
      yield* (await import('./transcriptions.ts')).streamTranscription(request, context);
    },
    transcribe: async (request, context) => (await import('./transcriptions.ts')).transcribe(request, context),
  });
}

function toWire(request: ChatRequest, { observer }: ProviderContext, stream: boolean): WireRequest {
  const body = toOllamaRequest(request, stream, observer);
  return { provider: 'ollama', model: request.model, path: 'api/chat', body };
}

function translation(
  { model }: ChatRequest,
  { apiKey }: ProviderContext,
  { requestId }: WireResponse,
): TranslationContext {
  return { model, requestId, apiKey };
}
