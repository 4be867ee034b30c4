const defaultPort = ':11434';

/**
 * The absolute URL that an `OLLAMA_HOST` stands for: `host`, `host:port`, `:port`, `[::1]:port` or a URL with an
 * optional path. Without a scheme the port is 11434 by default, with one the scheme's own; an address to listen on
 * (`0.0.0.0`, `::`) becomes the loopback one. What makes no URL comes out as none, for the caller to refuse.
 * Source: `Host` in Ollama's `envconfig`, which the server and its command line read the variable with.
 */
export function parseOllamaHost(value: string): string {
  const text = value.replaceAll(/^[\s"']+|[\s"']+$/g, '');
  if (text === 'ollama.com') return 'https://ollama.com';
  const [, scheme, address = '', path = ''] = /^(?:([a-z]+):\/\/)?([^/?#]*)(.*)$/is.exec(text) ?? [];
  const { user, host, port } = splitAddress(address);
  const usedPort = isPort(port) ? `:${port}` : scheme === undefined ? defaultPort : '';
  return `${scheme ?? 'http'}://${user}${toReachable(host)}${usedPort}${path.replace(/\/+$/, '')}`;
}

function splitAddress(address: string): { user: string; host: string; port: string } {
  const hostAt = address.lastIndexOf('@') + 1;
  const user = address.slice(0, hostAt);
  const rest = address.slice(hostAt);
  if (/^[^[]*:[^[]*:/.test(rest)) return { user, host: `[${rest}]`, port: '' }; // IPv6 without its brackets
  const [, host = '', port = ''] = /^(\[[^\]]*\]?|[^:]*):?(.*)$/s.exec(rest) ?? [];
  return { user, host, port };
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535;
}

function toReachable(host: string): string {
  if (host === '[::]') return '[::1]';
  return host === '' || host === '0.0.0.0' ? '127.0.0.1' : host;
}
