import type { CallOptions, ProviderConfig } from '../contract/call-options.ts';
import type { Connection, Provider } from '../contract/provider.ts';
import { InvalidRequestError, MissingApiKeyError } from '../errors/errors.ts';

export interface ResolvedConnection {
  apiKey: string | undefined;
  baseURL: string;
  headers: Record<string, string>;
}

/**
 * Finds key and address: the call's options, then the client's settings, then the environment, then the default.
 * Read at call time, so that a program may load its environment after its imports.
 * @throws MissingApiKeyError naming both ways to give one
 * @throws InvalidRequestError for an address that is not one, with path `baseURL`
 */
export function resolveConnection(
  provider: Provider,
  options: CallOptions,
  settings?: ProviderConfig,
): ResolvedConnection {
  const sources = [options, settings, provider.config];
  return {
    apiKey: resolveApiKey(provider, first(sources, 'apiKey')),
    baseURL: resolveBaseURL(provider, first(sources, 'baseURL')),
    headers: mergeHeaders(sources),
  };
}

type Sources = readonly (ProviderConfig | undefined)[];

function first(sources: Sources, name: 'apiKey' | 'baseURL'): string | undefined {
  return sources.find((source) => source?.[name] !== undefined)?.[name];
}

function resolveApiKey({ id, connection }: Provider, given: string | undefined): string | undefined {
  const { env = [], required = false } = connection.apiKey ?? {};
  const key = given?.trim() || readEnvironment(env);
  if (key === undefined && required) throw missingKey(id, connection);
  return key;
}

function missingKey(id: string, { apiKey }: Connection): MissingApiKeyError {
  const variable = apiKey?.env[0];
  const ways = variable ? `set ${variable} or pass \`apiKey\`` : 'pass `apiKey`';
  return new MissingApiKeyError(`${id}: no API key; ${ways} in the options or settings`, { provider: id });
}

function resolveBaseURL({ id, connection }: Provider, given: string | undefined): string {
  const { env, default: fallback, normalize } = connection.baseURL;
  const value = given?.trim() || readEnvironment(env) || fallback;
  if (value === undefined) {
    throw new InvalidRequestError(`${id}: no base URL; ${env[0] ? `set ${env[0]} or ` : ''}pass \`baseURL\``, {
      provider: id,
      path: 'baseURL',
    });
  }
  const url = (normalize ? normalize(value) : value).replace(/\/+$/, '');
  if (!isHttpURL(url)) {
    const message = `${id}: the base URL is not an http or https address (give one as https://host/path)`;
    throw new InvalidRequestError(message, { provider: id, path: 'baseURL' });
  }
  return url;
}

/** Parsing costs more than the rest of this file, and a program uses few addresses. */
const knownURLs = new Set<string>();

function isHttpURL(url: string): boolean {
  if (knownURLs.has(url)) return true;
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return false;
  if (knownURLs.size < 1000) knownURLs.add(url);
  return true;
}

function mergeHeaders(sources: Sources): Record<string, string> {
  const merged: Record<string, string> = {};
  for (const source of sources.toReversed()) {
    for (const [name, value] of Object.entries(source?.headers ?? {})) merged[name.toLowerCase()] = value;
  }
  return merged;
}

/** An empty variable counts as unset. */
function readEnvironment(names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = globalThis.process?.env[name]?.trim();
    if (value) return value;
  }
  return undefined;
}
