import { createGather } from '../concurrency/gather.ts';
import type { Gather } from '../concurrency/gathering.ts';
import type { CallOptions, ProviderConfig, Timeouts } from '../contract/call-options.ts';
import type { Provider } from '../contract/provider.ts';
import { InvalidRequestError } from '../errors/errors.ts';
import { assertProvider } from '../registry/define-provider.ts';
import { findProvider, notFound } from '../registry/find-provider.ts';
import { checkClientSettings } from './check-client-settings.ts';
import { type Compare, createCompare } from './compare.ts';
import { type Completion, createCompletion, wholeAnswers } from './create-completion.ts';
import type { ClientRuntime } from './dispatch.ts';

/** The model ids of a provider: a wrong prefix does not compile, a model that we do not know does. */
export type ModelIdOf<ProviderId extends string> = `${ProviderId}/${string}` | `${ProviderId}:${string}`;

export interface ClientSettings<Providers extends readonly Provider[] = readonly Provider[]> {
  /** The only providers that the client knows. Default: those that are registered or installed. */
  providers?: Providers;
  /** Milliseconds for a whole call, or limits by phase. */
  timeout?: number | Timeouts;
  /** Default `"warn"`. */
  unsupported?: CallOptions['unsupported'];
  /** Key, address and the like by provider id; they win over the provider's own. */
  settings?: Record<string, ProviderConfig>;
}

export interface Client<Model extends string = string, Id extends string = string> {
  completion: Completion<Model, Id>;
  gather: Gather<Model>;
  compare: Compare<Model>;
}

/**
 * A client with its own settings and no global state.
 * @throws InvalidRequestError when a setting is not one, or a provider or a time-out is not
 */
export function createClient<const Providers extends readonly Provider[]>(
  settings: ClientSettings<Providers> & { providers: Providers },
): Client<ModelIdOf<Providers[number]['id']>, Providers[number]['id']>;
export function createClient(settings?: ClientSettings): Client;
export function createClient(settings: ClientSettings = {}): Client {
  checkClientSettings(settings);
  const runtime: ClientRuntime = {
    find: settings.providers ? findAmong(settings.providers) : findProvider,
    timeout: settings.timeout,
    unsupported: settings.unsupported,
    settings: settings.settings ?? {},
  };
  const completion = createCompletion(runtime);
  return { completion, gather: createGather(wholeAnswers(completion)), compare: createCompare(completion) };
}

function findAmong(providers: readonly Provider[]): ClientRuntime['find'] {
  const byId = new Map<string, Provider>();
  for (const provider of providers) {
    assertProvider(provider);
    if (byId.has(provider.id)) {
      throw new InvalidRequestError(`two providers have the id "${provider.id}"`, { path: 'providers' });
    }
    byId.set(provider.id, provider);
  }
  return (id) => {
    const provider = byId.get(id);
    if (provider) return provider;
    throw notFound(id, [...byId.keys()]);
  };
}
