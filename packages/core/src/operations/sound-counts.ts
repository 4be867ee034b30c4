import { type Fault, isCount, isNone, isRecord } from '../completion/answer-faults.ts';
import { withoutUsage } from '../completion/check-answer.ts';
import type { Attempt, TokensUsed } from '../policy/attempt.ts';

/** Somebody bills by the counts, and budgets add them up. */
export function withSoundCounts<Answer extends object>(answer: Answer, attempt: Attempt): Answer {
  const fault = faultInCounts(ownUsage(answer));
  return fault === undefined ? answer : withoutUsage(answer, fault, attempt);
}

export function ownUsage(answer: object): TokensUsed | undefined {
  return 'usage' in answer ? (answer.usage as TokensUsed | undefined) : undefined;
}

/** The names differ from operation to operation, but numbers are counts. */
function faultInCounts(usage: unknown): Fault {
  if (isNone(usage)) return undefined;
  if (!isRecord(usage)) return '';
  const wrong = Object.entries(usage).find(([, count]) => typeof count === 'number' && !isCount(count));
  return wrong && `.${wrong[0]}`;
}
