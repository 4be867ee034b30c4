import type { CallOptions, ProviderConfig } from '../contract/call-options.ts';
import type { Connection, Provider } from '../contract/provider.ts';
import { AnyLLMError } from '../errors/any-llm-error.ts';
import { InvalidRequestError, MissingApiKeyError } from '../errors/errors.ts';
import { invalidValue } from '../errors/invalid-field.ts';
import { remember } from '../remember.ts';

export interface ResolvedConnection {
  apiKey: string | undefined;
  baseURL: string;
  headers: Record<string, string>;
}

/**
 * Finds key and address: the call's options, then the client's settings, then the environment, then the default.
 * Read at call time, so that a program may load its environment after its imports.
 * @throws MissingApiKeyError naming both ways to give one
 * @throws InvalidRequestError for a key, header or address that is not one, with its path
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
    headers: mergeHeaders(provider, sources),
  };
}

type Sources = readonly (ProviderConfig | undefined)[];

function first(sources: Sources, name: 'apiKey' | 'baseURL'): string | undefined {
  for (const source of sources) {
    const value: unknown = source?.[name];
    if (typeof value === 'string') return value;
    if (value === undefined) continue;
    throw invalidValue(name, 'a string', value);
  }
  return undefined;
}

function resolveApiKey({ id, connection }: Provider, given: string | undefined): string | undefined {
  const { env = [], required = false } = connection.apiKey ?? {};
  // One that is given is meant, an empty one too: the environment's may be for somebody else's server.
  const key = (given === undefined ? readEnvironment(env) : given.trim()) || undefined;
  if (key === undefined && required) throw missingKey(id, connection);
  if (key !== undefined && !fitsHeader(key)) {
    const message = `${id}: the API key holds a line break or another character that no key has; was it copied whole?`;
    throw new InvalidRequestError(message, { provider: id, path: 'apiKey' });
  }
  return key;
}

function missingKey(id: string, { apiKey }: Connection): MissingApiKeyError {
  const variable = apiKey?.env[0];
  const ways = variable ? `set ${variable} or pass \`apiKey\`` : 'pass `apiKey`';
  return new MissingApiKeyError(`${id}: no API key; ${ways} in the options or settings`, { provider: id });
}

function resolveBaseURL({ id, connection }: Provider, given: string | undefined): string {
  const { env, default: fallback, normalize } = connection.baseURL;
  const value = given?.trim() ?? readEnvironment(env) ?? fallback;
  if (!value) {
    throw new InvalidRequestError(`${id}: no base URL; ${env[0] ? `set ${env[0]} or ` : ''}pass \`baseURL\``, {
      provider: id,
      path: 'baseURL',
    });
  }
  const { url, complaint } = readURL(normalize ? normalized(id, normalize, value) : value);
  if (url !== undefined) return url;
  throw new InvalidRequestError(`${id}: the base URL ${complaint}`, { provider: id, path: 'baseURL' });
}

/** What a provider cannot bring into form is no address; why, only the cause may say, since that may quote it. */
function normalized(id: string, normalize: (value: string) => string, value: string): string {
  try {
    return String(normalize(value));
  } catch (cause) {
    if (AnyLLMError.isInstance(cause)) throw cause;
    const message = `${id}: the base URL is not one that this provider can read; see \`cause\``;
    throw new InvalidRequestError(message, { provider: id, path: 'baseURL', cause });
  }
}

interface ReadURL {
  url?: string;
  complaint?: string;
}

/**
 * Reading an address costs more than the rest of this file, and a program uses few. The messages hold nothing of it: it
 * may have a secret in it.
 */
const readURL = /* @__PURE__ */ remember((value): ReadURL => {
  if (!/^https?:\/\/[^/]/i.test(value) || !URL.canParse(value)) {
    return { complaint: 'is not an http or https address (give one as https://host/path)' };
  }
  const { href, username, password, hash } = new URL(value);
  if (username || password) {
    return { complaint: 'holds a user name or password; pass an `authorization` header in `headers` instead' };
  }
  if (hash) return { complaint: 'holds a `#`, behind which nothing is sent' };
  return { url: href.replace(/\/+$/, '') };
});

function mergeHeaders({ id }: Provider, sources: Sources): Record<string, string> {
  const merged: Record<string, string> = {};
  for (const source of sources.toReversed()) {
    if (!source?.headers) continue;
    for (const [name, value] of Object.entries(source.headers)) {
      if (!isHeaderName(name) || typeof value !== 'string' || !fitsHeader(value)) throw badHeader(id, name);
      merged[name.toLowerCase()] = value;
    }
  }
  return merged;
}

/** RFC 9110, section 5.6.2: a token. */
function isHeaderName(name: string): boolean {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(name);
}

/** RFC 9110, section 5.5: visible characters, spaces and tabs, and bytes that were once Latin 1. */
function fitsHeader(value: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
}

function badHeader(provider: string, name: string): InvalidRequestError {
  const what = isHeaderName(name) ? `the header \`${name}\` has a value` : 'a header has a name';
  return new InvalidRequestError(`${provider}: ${what} that HTTP cannot carry`, { provider, path: 'headers' });
}

/** An empty variable counts as unset. */
function readEnvironment(names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = globalThis.process?.env[name]?.trim();
    if (value) return value;
  }
  return undefined;
}
