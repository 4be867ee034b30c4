import type { Dispatcher } from 'undici';
import type { Undici } from './load-undici.ts';

const variables = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'];

let agent: { settings: string; dispatcher: Dispatcher } | undefined;

/**
 * The dispatcher for an origin that is to be reached by a proxy (`HTTPS_PROXY`, `HTTP_PROXY`, less `NO_PROXY`), if any
 * is set. This machine itself is never asked for by a proxy.
 */
export function proxyFor(undici: Undici, origin: string): Dispatcher | undefined {
  const settings = [...variables, 'no_proxy', 'NO_PROXY'].map((name) => process.env[name] ?? '').join('\n');
  if (variables.every((name) => !process.env[name]) || isLoopback(origin)) return undefined;
  if (agent?.settings !== settings) agent = { settings, dispatcher: createAgent(undici) };
  return agent.dispatcher;
}

function createAgent(undici: Undici): Dispatcher {
  return new undici.EnvHttpProxyAgent({ headersTimeout: 0, bodyTimeout: 0, allowH2: false });
}

function isLoopback(origin: string): boolean {
  const { hostname } = new URL(origin);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
