import type { WireRequest } from '../http/exchange.ts';

/** The text of an error answer in OpenAI's shape, for servers with one of their own. */
export function mapErrorBody(text: string, mapError: WireRequest['mapError']): string {
  if (!mapError) return text;
  try {
    const body: unknown = JSON.parse(text);
    return JSON.stringify(mapError(Object(Array.isArray(body) ? body[0] : body)) ?? body);
  } catch {
    return text; // not JSON, or not what the mapping expects: the status still tells
  }
}
