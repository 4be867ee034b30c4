import type { Provider } from '../contract/provider.ts';
import { AnyLLMError } from '../errors/any-llm-error.ts';
import { ProviderNotFoundError } from '../errors/errors.ts';
import { importInstalled } from './import-installed.ts';
import { registeredProvider, registeredProviderIds } from './registry.ts';

/**
 * The registered provider, or else the one that an installed package registers when it is imported.
 * @param id checked against the pattern of provider names
 * @throws ProviderNotFoundError with the command that installs it
 */
export function findProvider(id: string): Provider | Promise<Provider> {
  return registeredProvider(id) ?? findInstalled(id);
}

async function findInstalled(id: string): Promise<Provider> {
  for (const name of [`@anyllm/provider-${id}`, `anyllm-provider-${id}`]) {
    if (!(await load(name, id))) continue;
    const provider = registeredProvider(id);
    if (provider) return provider;
    throw new ProviderNotFoundError(`${name} is installed but registers no provider "${id}"`, { provider: id });
  }
  throw notFound(id);
}

async function load(name: string, id: string): Promise<boolean> {
  try {
    return (await importInstalled(name)) !== undefined;
  } catch (cause) {
    if (cause instanceof AnyLLMError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ProviderNotFoundError(`${name} is installed but fails to load: ${reason}`, { provider: id, cause });
  }
}

/** @param known where given, the only ones that there are: then installing another is half of it */
export function notFound(id: string, known?: readonly string[]): ProviderNotFoundError {
  const ids = known ?? registeredProviderIds();
  const names = ids.length > 0 ? `known here: ${ids.join(', ')}` : 'none is registered yet';
  const advice = `check the name, or install it with \`npm install @anyllm/provider-${id}\`${known ? " and add it to the client's `providers`" : ''}`;
  return new ProviderNotFoundError(`no provider "${id}" (${names}); ${advice}`, { provider: id });
}
