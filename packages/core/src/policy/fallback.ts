import { AnyLLMError } from '../errors/any-llm-error.ts';
import { callback, checkField } from '../errors/check-fields.ts';
import { checkNames } from '../errors/check-names.ts';
import type { ErrorCode } from '../errors/error-code.ts';
import { TimeoutError } from '../errors/errors.ts';
import { invalidField } from '../errors/invalid-field.ts';

/** Other models, tried in this order. */
export type FallbackOptions<Model extends string = string> =
  | readonly Model[]
  | {
      models: readonly Model[];
      /** Whether the next model is asked, in place of the default, see `fallsBack`. What it throws, the call throws. */
      when?: (error: unknown) => boolean;
    };

/** `FallbackOptions` that have been checked. */
export interface Fallback {
  models: readonly string[];
  shouldFallBack: (error: unknown) => boolean;
}

/** Failures of a server or of a limit, which another one may not have. */
const elsewhereBetter: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'connection',
  'context_length_exceeded',
  'overloaded',
  'quota_exceeded',
  'rate_limit',
  'response_parse',
  'stream_interrupted',
  'timeout',
]);

/**
 * Whether another model may do better: after a failed connection, a time limit of an attempt, 5xx and whatever else
 * may pass at the vendor (408, 409), overload, a rate limit or quota, a context that was too long, an answer that
 * cannot be read. Not after what another model would
 * refuse as well or should not be asked instead: an invalid request, a content filter, a missing or wrong key, a model
 * that does not exist; nor when the call's own time is up.
 */
export function fallsBack(error: unknown): boolean {
  if (!AnyLLMError.isInstance(error)) return false;
  if (TimeoutError.isInstance(error)) return error.phase !== 'total';
  if (error.code === 'provider') return error.retryable || (error.status ?? 0) >= 500;
  return elsewhereBetter.has(error.code);
}

const none: Fallback = { models: [], shouldFallBack: fallsBack };

/**
 * @param path of where they are given
 * @throws InvalidRequestError with the path, or that of what is wrong in it
 */
export function resolveFallback(options?: FallbackOptions, path = 'options.fallbacks'): Fallback {
  if (options === undefined) return none;
  const given = Array.isArray(options) ? { models: options } : Object(options);
  const { models, when = fallsBack } = given as { models?: unknown; when?: Fallback['shouldFallBack'] };
  const valid = Array.isArray(models) && models.every((model) => typeof model === 'string');
  if (!valid) throw invalidField(path, 'must be a list of model ids, or an object with `models`');
  checkNames(given, ['models', 'when'], path);
  checkField(`${path}.when`, callback, when);
  return { models, shouldFallBack: when };
}
