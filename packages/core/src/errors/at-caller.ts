import { AnyLLMError } from './any-llm-error.ts';

/**
 * The error, with a stack that begins at the caller of `entry`. V8 keeps ten frames: those of our own checks would leave
 * none for the program, where the mistake is.
 */
export function atCaller<E>(error: E, entry: (...given: never[]) => unknown): E {
  if (AnyLLMError.isInstance(error)) Error.captureStackTrace?.(error, entry);
  return error;
}
