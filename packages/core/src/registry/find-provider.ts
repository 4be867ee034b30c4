import { systemClock } from '../clock.ts';
import type { Provider } from '../contract/provider.ts';
import { ProviderNotFoundError } from '../errors/errors.ts';
import { importInstalled, isVisible } from './import-installed.ts';
import { isInstalled, requiredCore } from './installed-package.ts';
import { registeredProvider, registeredProviderIds } from './registry.ts';

/**
 * The registered provider, or else the one that an installed package registers when it is imported.
 * @param id checked against the pattern of provider names
 * @throws ProviderNotFoundError with the command that installs it
 */
export function findProvider(id: string): Provider | Promise<Provider> {
  return registered(id) ?? findInstalled(id);
}

/** Whether `findProvider` may find one; nothing is imported. Where nobody can tell, the answer is yes. */
export function isThere(id: string): boolean {
  return registeredProviderIds().includes(id) || packagesOf(id).some(isVisible);
}

function packagesOf(id: string): string[] {
  return [`@anyllm/provider-${id}`, `anyllm-provider-${id}`];
}

function registered(id: string): Provider | undefined {
  try {
    return registeredProvider(id);
  } catch (cause) {
    const message = `the provider that is registered as "${id}" cannot be used: ${reasonOf(cause)}`;
    throw new ProviderNotFoundError(message, { provider: id, cause });
  }
}

async function findInstalled(id: string): Promise<Provider> {
  for (const name of packagesOf(id)) {
    const provider = await load(name, id);
    if (provider) return provider;
  }
  throw notFound(id);
}

/** What the package registers when it is imported; nothing where it is not installed. */
async function load(name: string, id: string): Promise<Provider | undefined> {
  let provider: Provider | undefined;
  try {
    if (!(await importInTime(name))) return undefined;
    provider = registeredProvider(id);
  } catch (cause) {
    throw unusable(name, id, `fails to load: ${reasonOf(cause)}`, cause);
  }
  if (provider) return provider;
  throw unusable(name, id, `registers no provider "${id}"`);
}

/** Longer than any package takes. One whose import waits for ever would hold up the call, whose limits begin after it. */
const importLimitMs = 30_000;

/** @returns whether there is such a package */
async function importInTime(name: string): Promise<boolean> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const giveUp = () => reject(new Error(`its import does not end within ${importLimitMs} ms`));
  const cancel = systemClock.schedule(giveUp, importLimitMs);
  try {
    if (await Promise.race([importInstalled(name), late])) return true;
  } finally {
    cancel();
  }
  if (isInstalled(name)) throw new Error('it cannot be imported from where core is, so import it in the program');
  return false;
}

function unusable(name: string, id: string, how: string, cause?: unknown): ProviderNotFoundError {
  const advice = adviceFor(name);
  return new ProviderNotFoundError(`${name} is installed but ${how}; ${advice}`, { provider: id, cause });
}

function adviceFor(name: string): string {
  const core = requiredCore(name);
  const command = `\`npm install @anyllm/core@latest ${name}@latest\``;
  if (!core) return `try ${command}`;
  return `it asks for @anyllm/core ${core.wanted}, and ${core.installed} is installed; install versions that fit: ${command}`;
}

/** In one line, whatever was thrown. */
function reasonOf(cause: unknown): string {
  const { message = cause } = Object(cause) as { message?: unknown };
  const line = typeof message === 'string' ? message.trim().replace(/\n.*/s, '') : typeof message;
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}

/** @param known where given, the only ones that there are: then installing another is half of it */
export function notFound(id: string, known?: readonly string[]): ProviderNotFoundError {
  const ids = known ?? registeredProviderIds();
  const names = ids.length > 0 ? `known here: ${ids.join(', ')}` : 'none is registered yet';
  const packages = `@anyllm/provider-${id} if there is one, or @anyllm/provider-openai-compatible, which has many vendors`;
  const use = known ? "add it to the client's `providers`" : 'import it';
  const advice = `check the name, or install its package (${packages}) and ${use}`;
  return new ProviderNotFoundError(`no provider "${id}" (${names}); ${advice}`, { provider: id });
}
