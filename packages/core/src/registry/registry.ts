import type { Provider } from '../contract/provider.ts';
import { assertProvider } from './assert-provider.ts';

/** One for the process, also when two copies of this package are loaded, of different versions even. */
const key = Symbol.for('anyllm.registry.v1');

function registry(): Map<string, Provider> {
  const store = globalThis as typeof globalThis & { [key]?: Map<string, Provider> };
  store[key] ??= new Map();
  return store[key];
}

/**
 * Makes a provider known by its id to the module-level functions and to clients without providers of their own.
 * A later one of the same id replaces the earlier.
 * @throws InvalidRequestError when the object is not a provider
 */
export function registerProvider(provider: Provider): void {
  assertProvider(provider);
  checked.add(provider);
  registry().set(provider.id, provider);
}

/** What another copy has let in may follow another version of the contract. */
const checked = new WeakSet<Provider>();

/** @throws InvalidRequestError when it is none that this version can use */
export function registeredProvider(id: string): Provider | undefined {
  const provider = registry().get(id);
  if (provider !== undefined && !checked.has(provider)) {
    assertProvider(provider);
    checked.add(provider);
  }
  return provider;
}

export function registeredProviderIds(): string[] {
  return [...registry().keys()].sort();
}
