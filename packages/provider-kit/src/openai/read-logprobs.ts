import type { Logprobs, TokenLogprob } from '@anyllm/core/provider';
import { type Fields, fieldsOf, objectsOf } from './wire-fields.ts';

/** Those of the chunk's own tokens. */
export function readLogprobs(wire: unknown): Logprobs | undefined {
  const { content, refusal } = fieldsOf(wire) ?? {};
  if (!Array.isArray(content) && !Array.isArray(refusal)) return undefined;
  return { content: readTokens(content), ...(refusal !== undefined && { refusal: readTokens(refusal) }) };
}

function readTokens(wire: unknown): TokenLogprob[] | null {
  return Array.isArray(wire) ? (objectsOf(wire).filter(isToken) as unknown as TokenLogprob[]) : null;
}

function isToken({ token, logprob }: Fields): boolean {
  return typeof token === 'string' && typeof logprob === 'number';
}
