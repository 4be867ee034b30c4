import type { CallOptions } from '../contract/call-options.ts';
import type { Candidate } from '../policy/client-policy.ts';
import { fitPlainRequest, validatePlainRequest } from '../request/plain-request.ts';
import type { ValidRequest } from '../request/validate-request.ts';
import type { ClientRuntime } from './client-runtime.ts';
import { type ChatTarget, resolveTarget } from './resolve-target.ts';

/** A request that is known to be right, and how it is fitted to whom it is for. */
export interface ReadRequest {
  request: ValidRequest;
  resolve(
    runtime: ClientRuntime,
    candidate: Candidate,
    request: ValidRequest,
    options: CallOptions,
  ): ChatTarget | Promise<ChatTarget>;
}

/** `undefined` for whatever is more than plain, or wrong. */
export function readPlainRequest(input: unknown): ReadRequest | undefined {
  const request = validatePlainRequest(input);
  return request && { request, resolve: resolvePlainTarget };
}

function resolvePlainTarget(runtime: ClientRuntime, candidate: Candidate, request: ValidRequest, options: CallOptions) {
  return resolveTarget(runtime, candidate, options, (provider, model, strict) => ({
    ...fitPlainRequest(request, model, provider, strict),
    streamed: request.stream === true,
  }));
}
