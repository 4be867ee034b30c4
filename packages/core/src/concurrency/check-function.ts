import { InvalidRequestError } from '../errors/errors.ts';

/** @throws InvalidRequestError with the path, where the value is no function */
export function checkFunction(value: unknown, path: string): void {
  if (typeof value !== 'function') throw new InvalidRequestError(`\`${path}\` must be a function`, { path });
}
