import { AnyLLMError } from '@anyllm/core';
import fc from 'fast-check';
import { expect } from 'vitest';
import type * as z from 'zod';

/** How often each property is tried; `pnpm fuzz` does so more often than the tests. */
export const runs = Number(process.env.FUZZ_RUNS ?? 120);

const patienceMs = 5_000;

/**
 * Nothing but a result of the shape, or a typed error, comes of it, and in time.
 * @param act what is done with an answer
 */
export async function typedOrError(shape: z.ZodType, act: () => PromiseLike<unknown>): Promise<void> {
  const outcome = await inTime(act).then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('error' in outcome) return expectTyped(outcome.error);
  const { error } = shape.safeParse(outcome.value);
  expect(error?.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`)).toBeUndefined();
}

function expectTyped(error: unknown): void {
  if (!AnyLLMError.isInstance(error)) throw error;
  // Core's words for what a provider threw that is none of our errors, or gave that is no answer.
  expect(error.message).not.toMatch(/the provider failed|is a bug in it/);
  expect(error.message.length).toBeLessThan(2_000);
  expect(() => JSON.stringify(error)).not.toThrow();
}

async function inTime(act: () => PromiseLike<unknown>): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it took more than ${patienceMs} ms`)), patienceMs);
  });
  try {
    return await Promise.race([act(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Tries it `runs` times, times `share`. */
export async function holds<T>(
  given: fc.Arbitrary<T>,
  property: (value: T) => Promise<void>,
  share = 1,
): Promise<void> {
  await fc.assert(fc.asyncProperty(given, property), { numRuns: Math.ceil(runs * share) });
}
