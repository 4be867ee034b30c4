import { invalidField } from '../errors/invalid-field.ts';

/** @throws InvalidRequestError with the path, where the value is no function */
export function checkFunction(value: unknown, path: string): void {
  if (typeof value !== 'function') throw invalidField(path, 'must be a function');
}
