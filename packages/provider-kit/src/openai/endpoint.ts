import type { ProviderContext } from '@anyllm/core/provider';
import type { WireRequest } from '../http/exchange.ts';
import type { AuthHeader, Quirks } from './quirks.ts';

/** What an operation sends: path, body or form, and the headers that are its own. */
export type EndpointRequest = Pick<WireRequest, 'model' | 'method' | 'path' | 'body' | 'form'> & {
  /** In lower case. */
  headers?: Record<string, string> | undefined;
};

/** Adds what every request to the server has: how the key goes along, its headers, how its errors are read. */
export type Endpoint = (request: EndpointRequest, context: ProviderContext) => WireRequest;

export function createEndpoint(provider: string, quirks: Quirks): Endpoint {
  return (request, { apiKey }) => ({
    ...request,
    provider,
    headers: { ...headersFrom(quirks), ...request.headers },
    authHeader: authHeaderFor(apiKey, quirks),
    mapError: quirks.mapError,
  });
}

/** In lower case, so that a caller's own of the same name wins. */
function headersFrom({ headers }: Quirks): Record<string, string> {
  const entries = Object.entries((typeof headers === 'function' ? headers() : headers) ?? {});
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), value]));
}

function authHeaderFor(apiKey: string | undefined, { authHeader = 'bearer' }: Quirks): AuthHeader {
  return typeof authHeader === 'string' ? authHeader : authHeader(apiKey ?? '');
}
