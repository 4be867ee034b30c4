import type { Provider } from '../contract/provider.ts';
import { installedProviders } from '../late-parts.ts';
import { registeredProvider } from './registry.ts';

/**
 * The registered provider, or else the one that an installed package registers when it is imported.
 * @param id checked against the pattern of provider names
 * @throws ProviderNotFoundError with the command that installs it
 */
export function findProvider(id: string): Provider | Promise<Provider> {
  try {
    return registeredProvider(id) ?? findInstalled(id);
  } catch (cause) {
    return refuse(id, cause);
  }
}

async function findInstalled(id: string): Promise<Provider> {
  return (await installedProviders()).findInstalled(id);
}

async function refuse(id: string, cause: unknown): Promise<never> {
  throw (await installedProviders()).cannotBeUsed(id, cause);
}
