import type { CallOptions, ProviderConfig, Timeouts } from '../contract/call-options.ts';
import type { Provider } from '../contract/provider.ts';
import { invalidField } from '../errors/invalid-field.ts';
import type { ClientPolicy } from '../policy/client-policy.ts';
import type { Fallback } from '../policy/fallback.ts';
import type { RetryPolicy } from '../policy/retry/retry-policy.ts';

/** What a client brings to each of its calls. */
export interface ClientRuntime {
  find(id: string): Provider | Promise<Provider>;
  /** The state that the calls share. */
  policy: ClientPolicy;
  settings: Readonly<Record<string, ProviderConfig | undefined>>;
  timeout?: number | Timeouts | undefined;
  unsupported?: CallOptions['unsupported'];
  retries: RetryPolicy;
  fallback: Fallback;
}

const runtimes = new WeakMap<object, ClientRuntime>();

/** Notes what a client is made of, for operations that have an entry of their own. */
export function keepRuntime<Client extends object>(client: Client, runtime: ClientRuntime): Client {
  runtimes.set(client, runtime);
  return client;
}

/** @throws InvalidRequestError for something else than a client */
export function runtimeOf(client: object): ClientRuntime {
  const runtime = runtimes.get(client);
  if (runtime) return runtime;
  throw invalidField('client', 'must be one that `createClient` of this copy of @anyllm/core has made');
}
