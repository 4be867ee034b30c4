import type { Asked, ProviderContext, ProviderOperations, ResponsesParameters } from '@anyllm/core/provider';
import { requestJson } from '../http/request-json.ts';
import { requestStream } from '../http/request-stream.ts';
import type { Endpoint } from './endpoint.ts';
import { createResponsesDecoder } from './responses-decoder.ts';
import { type ResponsesContext, toProviderResponse } from './to-provider-response.ts';

export type ResponsesOperations = Pick<ProviderOperations, 'respond' | 'streamResponse'>;

/** The Responses API as OpenAI has it: what is asked and answered goes through as it is. */
export function createNativeResponses(provider: string, endpoint: Endpoint): ResponsesOperations {
  const toWire = (request: Asked<ResponsesParameters>, context: ProviderContext, stream: boolean) => {
    const { model, provider_options, ...parameters } = request;
    const body = { model, ...parameters, ...(stream && { stream }), ...provider_options?.[provider] };
    const headers = stream ? { accept: 'text/event-stream' } : undefined;
    return endpoint({ model, path: 'responses', body, headers }, context);
  };
  const known = (model: string, { apiKey }: ProviderContext, requestId: string | undefined): ResponsesContext => ({
    provider,
    model,
    apiKey,
    requestId,
  });
  return {
    async respond(request, context) {
      const { json, response } = await requestJson(toWire(request, context, false), context);
      return toProviderResponse(json, known(request.model, context, response.requestId));
    },
    streamResponse(request, context) {
      return requestStream(toWire(request, context, true), context, ({ requestId }) =>
        createResponsesDecoder(known(request.model, context, requestId)),
      );
    },
  };
}
