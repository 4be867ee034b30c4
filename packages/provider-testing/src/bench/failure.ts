import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { AnyLLMError, type ErrorCode } from '@anyllm/core';
import { suiteKey } from './bench.ts';

/** What a call rejects with; one that does not is a failure of the case. */
export async function failureOf(call: PromiseLike<unknown>): Promise<unknown> {
  let answer: unknown;
  try {
    answer = await call;
  } catch (error) {
    return error;
  }
  throw new Error(`the call had to fail, but it answered ${inspect(answer, { depth: 3 }).slice(0, 500)}`);
}

/** The typed error, of one of these codes. */
export async function typedFailureOf(call: PromiseLike<unknown>, ...codes: ErrorCode[]): Promise<AnyLLMError> {
  const error = await failureOf(call);
  assert.ok(AnyLLMError.isInstance(error), `not one of the library's errors: ${inspect(error)}`);
  if (codes.length > 0)
    assert.ok(codes.includes(error.code), `expected ${codes.join(' or ')}, got ${error.code}: ${error.message}`);
  return error;
}

/** Everything of an error that may end up in a log. */
export function shown(error: unknown): string {
  const { message, stack } = error as Error;
  const forms = [
    message,
    stack,
    JSON.stringify(error),
    String(error),
    inspect(error, { depth: 12, showHidden: true, getters: true }),
  ];
  return forms.join('\n');
}

/** What users send in confidence. */
export const secrets = {
  key: suiteKey,
  header: 'header-sesame-7Yw0Kd',
  prompt: 'prompt-sesame: where is the treasure?',
} as const;

export function assertHoldsNo(error: unknown, ...names: (keyof typeof secrets)[]): void {
  const text = shown(error);
  for (const name of names)
    assert.ok(!text.includes(secrets[name]), `the ${name} stands in the error: ${(error as Error).message}`);
}
