import type { CallOptions } from '../contract/call-options.ts';
import type { ChatRequest } from '../contract/provider.ts';
import type { Target } from '../policy/attempt.ts';
import type { Candidate } from '../policy/client-policy.ts';
import { resolveConnection } from '../registry/resolve-connection.ts';
import { checkCapabilities } from '../request/check-capabilities.ts';
import { type ModelId, parseModelId, parseProviderId } from '../request/model-id.ts';
import type { ValidRequest } from '../request/validate-request.ts';
import type { ClientRuntime } from './client-runtime.ts';

/** Whom to ask for a completion, and what: the request with what this provider cannot take left out. */
export interface ChatTarget extends Target {
  request: ChatRequest;
}

/**
 * Works out whom to ask: finds the provider, its key and its address.
 * @throws InvalidRequestError, ProviderNotFoundError or MissingApiKeyError
 */
export async function resolveTarget(
  runtime: ClientRuntime,
  { id, provider: verbatimFor, balanced }: Candidate,
  options: CallOptions,
): Promise<Target> {
  const { provider: providerId, model } = parse(id, verbatimFor);
  const found = runtime.find(providerId);
  const provider = found instanceof Promise ? await found : found;
  const settings = Object.hasOwn(runtime.settings, providerId) ? runtime.settings[providerId] : undefined;
  return {
    ...resolveConnection(provider, options, settings),
    provider,
    modelId: model,
    transport: options.transport ?? settings?.transport ?? provider.config.transport,
    timeouts: [provider.config.timeout, settings?.timeout],
    limits: settings?.limits ?? provider.config.limits,
    warnings: [],
    strict: (options.unsupported ?? runtime.unsupported) === 'error',
    balanced,
    streamed: false,
  };
}

/**
 * As `resolveTarget`, and checks the request against what the provider can do.
 * @throws UnsupportedParameterError besides
 */
export async function resolveChatTarget(
  runtime: ClientRuntime,
  candidate: Candidate,
  { stream, ...request }: ValidRequest,
  options: CallOptions,
): Promise<ChatTarget> {
  const target = await resolveTarget(runtime, candidate, options);
  const checked = checkCapabilities({ ...request, model: target.modelId }, target.provider, target.strict);
  return { ...target, request: checked.request, warnings: checked.warnings, streamed: stream === true };
}

/** Key, address and headers are for the provider of the model that they were given with, and go to no other. */
export function optionsFor(candidate: Candidate, options: CallOptions, owner: Candidate): CallOptions {
  if (candidate === owner || providerOf(candidate) === providerOf(owner)) return options;
  const { apiKey, baseURL, headers, ...rest } = options;
  return rest;
}

function providerOf({ id, provider }: Candidate): string {
  return parse(id, provider).provider;
}

function parse(id: string | undefined, provider: string | undefined): ModelId {
  return id === undefined ? { provider: parseProviderId(provider ?? ''), model: '' } : parseModelId(id, provider);
}
