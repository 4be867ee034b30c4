import type { Dispatcher } from 'undici';
import type { Undici } from './load-undici.ts';

const variables = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'];

let agent: Dispatcher | undefined;

/**
 * The dispatcher for an origin that is to be reached by a proxy (`HTTPS_PROXY`, `HTTP_PROXY`, less `NO_PROXY`), if any
 * is set. This machine itself is never asked for by a proxy.
 */
export function proxyFor(undici: Undici, origin: string): Dispatcher | undefined {
  if (variables.every((name) => !process.env[name]) || isLoopback(origin)) return undefined;
  agent ??= new undici.EnvHttpProxyAgent({ headersTimeout: 0, bodyTimeout: 0, allowH2: false });
  return agent;
}

function isLoopback(origin: string): boolean {
  const { hostname } = new URL(origin);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
