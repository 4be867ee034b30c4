import type { CallOptions, ProviderConfig, Timeouts } from '../contract/call-options.ts';
import type { Provider } from '../contract/provider.ts';
import type { ClientPolicy } from '../policy/client-policy.ts';
import type { Fallback } from '../policy/fallback.ts';
import type { RetryPolicy } from '../policy/retry/retry-policy.ts';

/** What a client brings to each of its calls. */
export interface ClientRuntime {
  find(id: string): Provider | Promise<Provider>;
  /** The state that the calls share. */
  policy: ClientPolicy;
  settings: Readonly<Record<string, ProviderConfig>>;
  timeout?: number | Timeouts | undefined;
  unsupported?: CallOptions['unsupported'];
  retries: RetryPolicy;
  fallback: Fallback;
}
