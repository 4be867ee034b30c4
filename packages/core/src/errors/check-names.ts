import type { InvalidRequestError } from './errors.ts';
import { invalidField } from './invalid-field.ts';

/**
 * A misspelt option would silently not be in force.
 * @param path of what holds them, as `limits.openai`
 * @throws InvalidRequestError with the path of the first that is not known
 */
export function checkNames(options: object, known: readonly string[], path = 'options'): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined) throw unknownName(unknown, known, path);
}

export function unknownName(name: string, known: readonly string[], path = 'options'): InvalidRequestError {
  return invalidField(`${path}.${name}`, `is not an option; known are ${known.join(', ')}`);
}
