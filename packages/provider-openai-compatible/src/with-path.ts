/**
 * Completes an address that names only a host, as people write `localhost:1234` and some variables hold, by a scheme and
 * a path. One with a path stays as it is.
 */
export function withPath(path: string, scheme: 'http' | 'https'): (value: string) => string {
  return (value) => {
    const address = /^https?:\/\//i.test(value) ? value : `${scheme}://${value}`;
    const [, host = '', query] = /^(https?:\/\/[^/?]+)\/?(\?.*)?$/i.exec(address) ?? [];
    return host === '' ? address : `${host}${path}${query ?? ''}`;
  };
}
