import type { CallOptions } from '../contract/call-options.ts';
import type { Target } from '../policy/attempt.ts';
import type { Candidate } from '../policy/client-policy.ts';
import type { Fallback } from '../policy/fallback.ts';
import { fallsBack } from '../policy/falls-back.ts';
import type { Question, Targets } from './ask.ts';
import { optionsFor, providerOf } from './candidates.ts';
import type { ClientRuntime } from './client-runtime.ts';

/**
 * Of several candidates the first that can be asked at all, and the others for when their turn comes. Who cannot be
 * asked is passed over only where the caller's `when` says so.
 */
export async function resolveCandidates<To extends Target>(
  runtime: ClientRuntime,
  question: Pick<Question<To, unknown, unknown>, 'resolve'>,
  candidates: readonly Candidate[],
  { when = fallsBack }: Fallback,
  options: CallOptions,
): Promise<Targets<To>> {
  await findOthers(runtime, candidates.slice(1), when);
  const owner = candidates[0] as Candidate;
  const targets = candidates.map(
    (candidate) => () => question.resolve(candidate, optionsFor(candidate, options, owner)),
  );
  for (let at = 0; ; at++) {
    try {
      const first = await (targets[at] as (typeof targets)[0])();
      return { first, others: targets.slice(at + 1) };
    } catch (error) {
      if (at + 1 === targets.length || !when(error)) throw error;
    }
  }
}

/** A fallback whose provider is not there would show only when it is needed. */
async function findOthers(
  { find }: ClientRuntime,
  others: readonly Candidate[],
  when: (error: unknown) => boolean,
): Promise<void> {
  for (const candidate of others) {
    try {
      const found = find(providerOf(candidate));
      if (found instanceof Promise) await found;
    } catch (error) {
      if (!when(error)) throw error;
    }
  }
}
