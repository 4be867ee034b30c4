import { AnyLLMError, type GaveUp } from '../../errors/any-llm-error.ts';

/** Notes on an error of ours why no further attempt follows it; `because` goes to the end of its message. */
export function giveUp(error: unknown, reason: GaveUp, because?: string): void {
  if (!AnyLLMError.isInstance(error)) return;
  error.gaveUp = reason;
  if (because === undefined) return;
  const { message, stack } = error;
  error.message = `${message}; ${because}`;
  // The stack, which is what gets printed, repeats the message as it was at first.
  if (stack !== undefined) error.stack = stack.replace(message, () => error.message);
}
