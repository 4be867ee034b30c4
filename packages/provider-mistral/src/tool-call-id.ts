import { createHash } from 'node:crypto';

/**
 * The id of a tool call in the form that several models demand: nine of `[A-Za-z0-9]`. One of another vendor becomes a
 * hash of itself, so that a call and its result still match and a repeated conversation is byte for byte the same,
 * which the prompt cache needs.
 */
export function toToolCallId(id: string): string {
  if (/^[A-Za-z0-9]{9}$/.test(id)) return id;
  const digest = createHash('sha256').update(id).digest('base64');
  return digest.replace(/[^A-Za-z0-9]/g, '').slice(0, 9);
}
