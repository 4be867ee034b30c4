import type { ReceivedRequest } from './responder.ts';

/** All that a server was sent, as one that is careless with it may send it back; the key also in its own words. */
export function echoOf({ headers, text }: Pick<ReceivedRequest, 'headers' | 'text'>): string {
  const key = headers.authorization ?? headers['x-api-key'] ?? '';
  return JSON.stringify({ error: { message: `Incorrect API key provided: ${key}`, code: key }, headers, body: text });
}
