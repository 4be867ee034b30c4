import type { ProviderContext } from '@anyllm/core/provider';
import type { WireRequest } from '../http/exchange.ts';
import type { AuthHeader, Quirks } from './quirks.ts';

/** What an operation sends: path, body or form, and the headers that are its own. */
export type EndpointRequest = Pick<WireRequest, 'model' | 'method' | 'path' | 'atRoot' | 'body' | 'form'> & {
  /** In lower case. */
  headers?: Record<string, string> | undefined;
};

/** Adds what every request to the server has: how the key goes along, its headers, how its errors are read. */
export type Endpoint = (request: EndpointRequest, context: ProviderContext) => WireRequest;

export function createEndpoint(provider: string, quirks: Quirks): Endpoint {
  const headersFor = headersFrom(quirks);
  const { mapError } = quirks;
  return ({ headers, ...request }, { apiKey }) => ({
    ...request,
    provider,
    headers: headers ? { ...headersFor(), ...headers } : headersFor(),
    authHeader: authHeaderFor(apiKey, quirks),
    mapError,
  });
}

/** In lower case, so that a caller's own of the same name wins. */
function headersFrom({ headers = {} }: Quirks): () => Record<string, string> {
  if (typeof headers === 'function') return () => inLowerCase(headers());
  const fixed = inLowerCase(headers);
  return () => fixed;
}

function inLowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  const lower: Record<string, string> = {};
  for (const name of Object.keys(headers)) lower[name.toLowerCase()] = headers[name] as string;
  return lower;
}

function authHeaderFor(apiKey: string | undefined, { authHeader = 'bearer' }: Quirks): AuthHeader {
  return typeof authHeader === 'string' ? authHeader : authHeader(apiKey ?? '');
}
