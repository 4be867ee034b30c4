import { ClientPolicy } from '../policy/client-policy.ts';
import { resolveFallback } from '../policy/fallback.ts';
import { resolveRetryPolicy } from '../policy/retry/retry-policy.ts';
import { findProvider } from '../registry/find-provider.ts';
import type { ClientRuntime } from './client-runtime.ts';
import { type CompletionFunction, createCompletion } from './create-completion.ts';

/** Of the client with default settings and the registered providers. */
export const defaultRuntime: ClientRuntime = /* @__PURE__ */ createRuntime();

function createRuntime(): ClientRuntime {
  const policy = new ClientPolicy();
  const retries = resolveRetryPolicy({ budget: policy.budget });
  return { find: findProvider, policy, retries, fallback: resolveFallback(), settings: {} };
}

/** Asks a model, whole or streamed. */
export const completion: CompletionFunction = /* @__PURE__ */ createCompletion(defaultRuntime);
