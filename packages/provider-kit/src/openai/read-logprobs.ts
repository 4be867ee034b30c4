import type { Logprobs, TokenLogprob } from '@anyllm/core/provider';
import { type Fields, fieldsOf, objectsOf } from './wire-fields.ts';

/** Those of the chunk's own tokens. */
export function readLogprobs(wire: unknown): Logprobs | undefined {
  const { content, refusal } = fieldsOf(wire) ?? {};
  if (!Array.isArray(content) && !Array.isArray(refusal)) return undefined;
  return { content: readTokens(content), ...(refusal !== undefined && { refusal: readTokens(refusal) }) };
}

function readTokens(wire: unknown): TokenLogprob[] | null {
  if (!Array.isArray(wire)) return null;
  return tokensOf(wire).map((each) => ({
    ...readToken(each),
    top_logprobs: tokensOf(each.top_logprobs).map(readToken),
  }));
}

type WireToken = Fields & { token: string; logprob: number };

function tokensOf(wire: unknown): WireToken[] {
  return objectsOf(wire).filter(isToken);
}

function isToken(wire: Fields): wire is WireToken {
  return typeof wire.token === 'string' && Number.isFinite(wire.logprob);
}

function readToken({ token, logprob, bytes }: WireToken): Omit<TokenLogprob, 'top_logprobs'> {
  return { token, logprob, bytes: Array.isArray(bytes) && bytes.every(Number.isInteger) ? bytes : null };
}
