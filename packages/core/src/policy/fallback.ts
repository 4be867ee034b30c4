import { anything, type Checks, callback, checkFields } from '../errors/check-fields.ts';
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
  /** Default: `fallsBack`. */
  when?: ((error: unknown) => boolean) | undefined;
}

const none: Fallback = { models: [] };

/**
 * @param path of where they are given
 * @throws InvalidRequestError with the path, or that of what is wrong in it
 */
export function resolveFallback(options?: FallbackOptions, path = 'options.fallbacks'): Fallback {
  if (options === undefined) return none;
  const given = Array.isArray(options) ? { models: options } : Object(options);
  const { models, when } = given as { models?: unknown; when?: Fallback['when'] };
  const valid = Array.isArray(models) && models.every((model) => typeof model === 'string');
  if (!valid) throw invalidField(path, 'must be a list of model ids, or an object with `models`');
  checkFields(given, checks, path);
  return { models, when };
}

const checks: Checks<Extract<FallbackOptions, { when?: unknown }>> = { models: anything, when: callback };
