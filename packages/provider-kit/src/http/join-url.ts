/**
 * A path below a base URL, with one slash between; the base's own path prefix and query string stay.
 * @param path may have a query of its own; percent-encoded where it is data: a model id may hold `:` and `/`
 */
export function joinURL(baseURL: string, path: string): string {
  const queryAt = baseURL.indexOf('?');
  if (queryAt === -1) return `${withoutSlash(baseURL)}/${path}`;
  const query = baseURL.slice(queryAt);
  return `${withoutSlash(baseURL.slice(0, queryAt))}/${path}${path.includes('?') ? query.replace('?', '&') : query}`;
}

/** `http://host:8000/v1` → `http://host:8000`; the query string stays. */
export function rootOf(baseURL: string): string {
  return baseURL.replace(/\/v\d+\/*(?=\?|$)/, '');
}

function withoutSlash(url: string): string {
  return url.endsWith('/') ? url.slice(0, -1) : url;
}
