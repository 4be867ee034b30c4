import type { Warning } from '../contract/call-meta.ts';
import type { ProviderCompletion, Usage } from '../contract/chat-completion.ts';
import { ResponseParseError } from '../errors/errors.ts';
import { faultInCompletion, faultInUsage } from './answer-faults.ts';

/** Who answered: an attempt, or a row of a batch. */
export interface Answered {
  readonly provider: { readonly id: string };
  readonly modelId: string;
  readonly answer?: { readonly requestId?: string | undefined } | undefined;
  readonly warnings: readonly Warning[];
  warn(warning: Warning): void;
}

/**
 * What a provider gives is checked before it is used: one that was written in JavaScript, or for another version, may
 * give anything, and half of that would pass for an answer.
 * @returns the answer, without its usage where that cannot be
 * @throws ResponseParseError that names the first thing which does not fit its type
 */
export function checkCompletion(answer: ProviderCompletion, attempt: Answered): ProviderCompletion {
  const fault = faultInCompletion(answer);
  if (fault !== undefined) throw misfit(`completion${fault}`, attempt);
  if (answer.choices.length === 0) throw noChoice(attempt);
  return withSoundUsage(answer, attempt);
}

export function misfit(path: string, { provider, modelId: model, answer }: Answered): ResponseParseError {
  const message = `${provider.id}: the provider gave a wrong \`${path}\`; that is a bug in it, to be reported to its authors`;
  return new ResponseParseError(message, { provider: provider.id, model, requestId: answer?.requestId });
}

/** More likely the vendor's doing than the provider's: it may be another time. */
function noChoice({ provider, modelId: model, answer }: Answered): ResponseParseError {
  const details = { provider: provider.id, model, requestId: answer?.requestId, retryable: true };
  return new ResponseParseError(`${provider.id}: the answer holds no choice`, details);
}

type Counted = { usage?: Usage | null };

/** Somebody bills by the counts. Wrong ones are left out: the answer is good without them. */
export function withSoundUsage<T extends Counted>(answer: T, attempt: Answered): T {
  const fault = answer.usage ? faultInUsage(answer.usage) : undefined;
  return fault === undefined ? answer : withoutUsage(answer, fault, attempt);
}

/** @param fault the path of what is wrong in it */
export function withoutUsage<T extends object>(answer: T, fault: string, attempt: Answered): T {
  const code = 'usage_dropped';
  const message = `${attempt.provider.id} gave a wrong \`usage${fault}\`; the usage was left out`;
  if (!attempt.warnings.some((warning) => warning.code === code)) attempt.warn({ code, message });
  const { usage: _, ...rest } = answer as T & { usage?: unknown };
  return rest as T;
}
