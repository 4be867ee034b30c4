import { ProviderNotFoundError } from '../errors/errors.ts';
import { registeredProviderIds } from './registry.ts';

/** @param known where given, the only ones that there are: then installing another is half of it */
export function notFound(id: string, known?: readonly string[]): ProviderNotFoundError {
  const ids = known ?? registeredProviderIds();
  const names = ids.length > 0 ? `known here: ${ids.join(', ')}` : 'none is registered yet';
  const packages = `@anyllm/provider-${id} if there is one, or @anyllm/provider-openai-compatible, which has many vendors`;
  const use = known ? "add it to the client's `providers`" : 'import it';
  const advice = `check the name, or install its package (${packages}) and ${use}`;
  return new ProviderNotFoundError(`no provider "${id}" (${names}); ${advice}`, { provider: id });
}
