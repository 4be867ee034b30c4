import type { CallOptions } from '../contract/call-options.ts';
import type { ChatRequest } from '../contract/provider.ts';
import type { Target } from '../policy/attempt.ts';
import type { Candidate } from '../policy/client-policy.ts';
import { resolveConnection } from '../registry/resolve-connection.ts';
import { checkCapabilities } from '../request/check-capabilities.ts';
import { parseModelId } from '../request/model-id.ts';
import type { ValidRequest } from '../request/validate-request.ts';
import type { ClientRuntime } from './client-runtime.ts';

/**
 * Works out whom to ask and what: finds the provider, checks the request against what it can do, finds key and address.
 * @throws InvalidRequestError, ProviderNotFoundError, UnsupportedParameterError or MissingApiKeyError
 */
export async function resolveTarget(
  runtime: ClientRuntime,
  { id, balanced }: Candidate,
  request: ValidRequest,
  options: CallOptions,
): Promise<Target> {
  const { provider: providerId, model } = parseModelId(id, options.provider);
  const found = runtime.find(providerId);
  const provider = found instanceof Promise ? await found : found;
  const settings = Object.hasOwn(runtime.settings, providerId) ? runtime.settings[providerId] : undefined;
  const strict = (options.unsupported ?? runtime.unsupported) === 'error';
  const checked = checkCapabilities(toChatRequest(request, model), provider, strict);
  return {
    ...resolveConnection(provider, options, settings),
    provider,
    modelId: model,
    transport: options.transport ?? settings?.transport ?? provider.config.transport,
    timeouts: [provider.config.timeout, settings?.timeout],
    limits: settings?.limits ?? provider.config.limits,
    request: checked.request,
    warnings: checked.warnings,
    strict,
    balanced,
    streamed: request.stream === true,
  };
}

/** Key, address and headers are for the provider that they were given with, and go to no other. */
export function optionsFor({ id }: Candidate, options: CallOptions, first: Target): CallOptions {
  const { provider, apiKey, baseURL, headers, ...rest } = options;
  const isSame = parseModelId(id, provider).provider === first.provider.id;
  return isSame ? options : rest;
}

function toChatRequest({ stream: _, ...request }: ValidRequest, model: string): ChatRequest {
  return { ...request, model };
}
