import { redact } from './redact.ts';

const maxDepth = 5;

/**
 * What may be shown of an error from below HTTP: name, code, message and stack without the key, and its causes alike.
 * Anything else is left behind: some errors carry the bytes that came in, and a server may have sent back our own.
 */
export function safeCause(error: unknown, apiKey: string | undefined, depth = 0): Error {
  const { name, message, stack, code, cause, errors } = Object(error) as Error & { code?: unknown; errors?: unknown };
  const safe: Error & { code?: string } = new Error(redact(String(message ?? error), apiKey));
  const inner = cause ?? (Array.isArray(errors) ? errors[0] : undefined);
  const hidden = (value: unknown) => ({ value, enumerable: false, configurable: true, writable: true });
  if (typeof name === 'string') Object.defineProperty(safe, 'name', hidden(name));
  if (typeof stack === 'string') Object.defineProperty(safe, 'stack', hidden(redact(stack, apiKey)));
  if (typeof code === 'string') safe.code = code;
  if (inner !== undefined && depth < maxDepth) safe.cause = safeCause(inner, apiKey, depth + 1);
  return safe;
}
