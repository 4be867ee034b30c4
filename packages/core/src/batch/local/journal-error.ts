import { AnyLLMError } from '../../errors/any-llm-error.ts';
import { InvalidRequestError } from '../../errors/errors.ts';

/** What the file system says of a journal as one of our errors; any other error stays as it is. */
export function journalError(folder: string, error: unknown): unknown {
  const { code } = Object(error) as { code?: unknown };
  if (AnyLLMError.isInstance(error) || typeof code !== 'string') return error;
  return new InvalidRequestError(`the journal ${folder} cannot be read or written (${code})`, {
    path: 'options.journal',
    cause: error,
  });
}
