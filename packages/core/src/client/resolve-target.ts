import type { CallOptions } from '../contract/call-options.ts';
import type { ChatRequest, Provider } from '../contract/provider.ts';
import type { Target } from '../policy/attempt.ts';
import type { Candidate } from '../policy/client-policy.ts';
import { resolveConnection } from '../registry/resolve-connection.ts';
import { checkCapabilities } from '../request/check-capabilities.ts';
import { parseModelId } from '../request/model-id.ts';
import type { ValidRequest } from '../request/validate-request.ts';
import type { ClientRuntime } from './client-runtime.ts';

/**
 * Works out whom to ask and what: finds the provider, checks the request against what it can do, finds key and address.
 * A promise only where the provider has yet to be imported.
 * @throws InvalidRequestError, ProviderNotFoundError, UnsupportedParameterError or MissingApiKeyError
 */
export function resolveTarget(
  runtime: ClientRuntime,
  { id, provider: verbatimFor, balanced }: Candidate,
  request: ValidRequest,
  options: CallOptions,
): Target | Promise<Target> {
  const { provider: providerId, model } = parseModelId(id, verbatimFor);
  const found = runtime.find(providerId);
  return found instanceof Promise ? found.then(toTarget) : toTarget(found);

  function toTarget(provider: Provider): Target {
    const settings = Object.hasOwn(runtime.settings, providerId) ? runtime.settings[providerId] : undefined;
    const strict = (options.unsupported ?? runtime.unsupported) === 'error';
    const checked = checkCapabilities(toChatRequest(request, model), provider, strict);
    const { apiKey, baseURL, headers } = resolveConnection(provider, options, settings);
    return {
      apiKey,
      baseURL,
      headers,
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
}

/** Key, address and headers are for the provider of the model that they were given with, and go to no other. */
export function optionsFor(candidate: Candidate, options: CallOptions, owner: Candidate): CallOptions {
  if (candidate === owner || providerOf(candidate) === providerOf(owner)) return options;
  const { apiKey, baseURL, headers, ...rest } = options;
  return rest;
}

function providerOf({ id, provider }: Candidate): string {
  return parseModelId(id, provider).provider;
}

/** `stream` says which of the provider's calls is made and is no part of what it gets. */
function toChatRequest(request: ValidRequest, model: string): ChatRequest {
  const fields = { ...request, model, stream: undefined };
  return fields;
}
