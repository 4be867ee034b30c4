import type { CallOptions } from '../contract/call-options.ts';
import type { ChatRequest } from '../contract/provider.ts';
import type { Candidate } from '../policy/client-policy.ts';
import { checkCapabilities } from '../request/check-capabilities.ts';
import type { ValidRequest } from '../request/validate-request.ts';
import type { ClientRuntime } from './client-runtime.ts';
import { type ChatTarget, resolveTarget } from './resolve-target.ts';

/** As `resolveTarget`, for a completion. */
export function resolveChatTarget(
  runtime: ClientRuntime,
  candidate: Candidate,
  request: ValidRequest,
  options: CallOptions,
): ChatTarget | Promise<ChatTarget> {
  return resolveTarget(runtime, candidate, options, (provider, model, strict) => ({
    ...checkCapabilities(toChatRequest(request, model), provider, strict),
    streamed: request.stream === true,
  }));
}

/** `stream` says which of the provider's calls is made and is no part of what it gets. */
function toChatRequest(request: ValidRequest, model: string): ChatRequest {
  const fields = { ...request, model, stream: undefined };
  return fields;
}
