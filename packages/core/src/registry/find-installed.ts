import { systemClock } from '../clock.ts';
import type { Provider } from '../contract/provider.ts';
import { ProviderNotFoundError } from '../errors/errors.ts';
import { importInstalled, isVisible } from './import-installed.ts';
import { isInstalled, requiredCore } from './installed-package.ts';
import { notFound } from './not-found.ts';
import { registeredProvider } from './registry.ts';

export { notFound } from './not-found.ts';

/**
 * The provider that an installed package registers when it is imported.
 * @throws ProviderNotFoundError with the command that installs it
 */
export async function findInstalled(id: string): Promise<Provider> {
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

/** What is registered, but not by this copy of the package, and does not follow its contract. */
export function cannotBeUsed(id: string, cause: unknown): ProviderNotFoundError {
  const message = `the provider that is registered as "${id}" cannot be used: ${reasonOf(cause)}`;
  return new ProviderNotFoundError(message, { provider: id, cause });
}

/** In one line, whatever was thrown. */
function reasonOf(cause: unknown): string {
  const { message = cause } = Object(cause) as { message?: unknown };
  const line = typeof message === 'string' ? message.trim().replace(/\n.*/s, '') : typeof message;
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}

function adviceFor(name: string): string {
  const core = requiredCore(name);
  const command = `\`npm install @anyllm/core@latest ${name}@latest\``;
  if (!core) return `try ${command}`;
  return `it asks for @anyllm/core ${core.wanted}, and ${core.installed} is installed; install versions that fit: ${command}`;
}

/** Whether `findInstalled` may find one; nothing is imported. Where nobody can tell, the answer is yes. */
export function mayBeInstalled(id: string): boolean {
  return packagesOf(id).some(isVisible);
}

function packagesOf(id: string): string[] {
  return [`@anyllm/provider-${id}`, `anyllm-provider-${id}`];
}
