import type { CallOptions } from '../contract/call-options.ts';
import type { ChatRequest, Provider } from '../contract/provider.ts';
import type { Target } from '../policy/attempt.ts';
import type { Candidate } from '../policy/client-policy.ts';
import { resolveConnection } from '../registry/resolve-connection.ts';
import { type ModelId, parseModelId, parseProviderId } from '../request/model-id.ts';
import type { ClientRuntime } from './client-runtime.ts';

/** Whom to ask for a completion, and what: the request with what this provider cannot take left out. */
export interface ChatTarget extends Target {
  request: ChatRequest;
}

/** What is asked of a provider, and what of it was left out. */
export interface Ask<Request> {
  request: Request;
  warnings: Target['warnings'];
  streamed: boolean;
}

/**
 * Works out whom to ask and what: finds the provider, has the request checked against what it can do, finds key and
 * address. A promise only where the provider has yet to be imported.
 * @param askOf makes the provider's request, or refuses
 * @throws InvalidRequestError, ProviderNotFoundError, UnsupportedParameterError or MissingApiKeyError
 */
export function resolveTarget<Request>(
  runtime: ClientRuntime,
  { id, provider: verbatimFor, balanced }: Candidate,
  options: CallOptions,
  askOf: (provider: Provider, model: string, strict: boolean) => Ask<Request>,
): (Target & { request: Request }) | Promise<Target & { request: Request }> {
  const { provider: providerId, model } = parseCandidate(id, verbatimFor);
  const found = runtime.find(providerId);
  return found instanceof Promise ? found.then(toTarget) : toTarget(found);

  function toTarget(provider: Provider): Target & { request: Request } {
    const settings = Object.hasOwn(runtime.settings, providerId) ? runtime.settings[providerId] : undefined;
    const strict = (options.unsupported ?? runtime.unsupported) === 'error';
    const { request, warnings, streamed } = askOf(provider, model, strict);
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
      request,
      warnings,
      strict,
      balanced,
      streamed,
    };
  }
}

/** Whom an id, or the provider that is named beside it, is of. */
export function parseCandidate(id: string | undefined, provider: string | undefined): ModelId {
  return id === undefined
    ? { provider: parseProviderId(provider, 'options.provider'), model: '' }
    : parseModelId(id, provider);
}
