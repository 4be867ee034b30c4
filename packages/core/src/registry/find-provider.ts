import type { Provider } from '../contract/provider.ts';
import { ProviderNotFoundError } from '../errors/errors.ts';
import { installedProviders } from '../late-parts.ts';
import { registeredProvider } from './registry.ts';

/**
 * The registered provider, or else the one that an installed package registers when it is imported.
 * @param id checked against the pattern of provider names
 * @throws ProviderNotFoundError with the command that installs it
 */
export function findProvider(id: string): Provider | Promise<Provider> {
  return registered(id) ?? findInstalled(id);
}

async function findInstalled(id: string): Promise<Provider> {
  return (await installedProviders()).findInstalled(id);
}

function registered(id: string): Provider | undefined {
  try {
    return registeredProvider(id);
  } catch (cause) {
    const message = `the provider that is registered as "${id}" cannot be used: ${reasonOf(cause)}`;
    throw new ProviderNotFoundError(message, { provider: id, cause });
  }
}

/** In one line, whatever was thrown. */
export function reasonOf(cause: unknown): string {
  const { message = cause } = Object(cause) as { message?: unknown };
  const line = typeof message === 'string' ? message.trim().replace(/\n.*/s, '') : typeof message;
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
