import type { Provider } from '../contract/provider.ts';
import { assertProvider } from './assert-provider.ts';

/** One for the process, also when two copies of this package are loaded. */
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
  registry().set(provider.id, provider);
}

export function registeredProvider(id: string): Provider | undefined {
  return registry().get(id);
}

export function registeredProviderIds(): string[] {
  return [...registry().keys()].sort();
}
