import { AnyLLMError } from '../errors/any-llm-error.ts';
import { ResponseParseError, StreamInterruptedError, TimeoutError } from '../errors/errors.ts';

/**
 * Whether what is billed for each time may be asked for again: not when time ran out on our side, since the server may
 * have done the work, and not when an answer had come that was broken or cut, since then it has.
 */
export function mayRepeatBilled(error: unknown): boolean {
  if (TimeoutError.isInstance(error)) return error.phase === 'connect';
  if (ResponseParseError.isInstance(error) || StreamInterruptedError.isInstance(error)) return false;
  return AnyLLMError.isInstance(error) && error.retryable;
}
