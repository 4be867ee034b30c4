import { AnyLLMError } from '../errors/any-llm-error.ts';
import { TimeoutError } from '../errors/errors.ts';

/**
 * Whether what is billed for each time may be asked for again: not when time ran out on our side, since the server may
 * have done the work.
 */
export function mayRepeatBilled(error: unknown): boolean {
  if (TimeoutError.isInstance(error)) return error.phase === 'connect';
  return AnyLLMError.isInstance(error) && error.retryable;
}
