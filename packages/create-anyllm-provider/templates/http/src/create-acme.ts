import { type ChatRequest, defineProvider, type Provider, type ProviderConfig } from '@anyllm/core/provider';
import { requestJson, requestStream, type WireRequest } from '@anyllm/provider-kit';
import { AcmeDecoder } from './acme-decoder.ts';
import { toAcmeRequest } from './to-acme-request.ts';
import { toCompletion } from './to-completion.ts';

/** Acme by its own protocol. From the environment: `ACME_API_KEY` and `ACME_BASE_URL`. */
export function createAcme(config: ProviderConfig = {}): Provider<'acme'> {
  return defineProvider({
    id: 'acme',
    name: 'Acme',
    // What is not declared is refused, or left out with a warning, before the network.
    capabilities: { parameters: ['temperature', 'top_p', 'stop'] },
    connection: {
      apiKey: { env: ['ACME_API_KEY'], required: true },
      baseURL: { env: ['ACME_BASE_URL'], default: 'https://api.acme.example/v1' },
    },
    config,
    async complete(request, context) {
      const { json, response } = await requestJson(toWire(request, false), context);
      const exchange = { model: request.model, requestId: response.requestId, apiKey: context.apiKey };
      return toCompletion(json, exchange);
    },
    stream(request, context) {
      return requestStream(
        toWire(request, true),
        context,
        ({ requestId }) => new AcmeDecoder({ model: request.model, requestId, apiKey: context.apiKey }),
      );
    },
  });
}

function toWire(request: ChatRequest, stream: boolean): WireRequest {
  return { provider: 'acme', model: request.model, path: 'generate', body: toAcmeRequest(request, stream) };
}
