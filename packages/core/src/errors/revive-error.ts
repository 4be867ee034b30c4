import type { TimeoutPhase } from '../contract/call-options.ts';
import type { AnyLLMError, ErrorDetails } from './any-llm-error.ts';
import { errorClasses, ProviderError } from './errors.ts';

type Details = ErrorDetails & { path?: string; parameter?: string; phase: TimeoutPhase; timeoutMs: number };
type Constructor = new (message: string, details: Details) => AnyLLMError;

const byCode = new Map(errorClasses.map((Class) => [Class.code as string, Class as unknown as Constructor]));

/** What `toJSON` gives, and the fields of single classes. */
export function errorToJSON(error: AnyLLMError): Record<string, unknown> {
  const { path, parameter, phase, timeoutMs } = error as Partial<Details>;
  return { ...error.toJSON(), path, parameter, phase, timeoutMs };
}

/** An error of its class again, from its JSON. One of a class that is not known here is a `ProviderError`. */
export function reviveError(json: Record<string, unknown>): AnyLLMError {
  const { message, code, attempts, gaveUp, ...details } = json;
  const Class = byCode.get(String(code)) ?? ProviderError;
  const error = new Class(String(message), details as unknown as Details);
  if (Array.isArray(attempts)) error.attempts = attempts;
  if (gaveUp !== undefined) error.gaveUp = gaveUp as NonNullable<AnyLLMError['gaveUp']>;
  return error;
}
