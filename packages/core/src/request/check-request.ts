import { InvalidRequestError } from '../errors/errors.ts';
import { describeFlaw, formatPath } from './flaw.ts';
import type { Shape } from './shape.ts';

/**
 * Checks the request of an operation by its shape.
 * @throws InvalidRequestError with the path of the first wrong field
 */
export function checkRequest(shape: Shape, input: unknown): void {
  const [flaw] = shape(input);
  if (!flaw) return;
  const path = formatPath(flaw.path);
  const text = describeFlaw(flaw);
  throw new InvalidRequestError(path === '' ? `the request ${text}` : `\`${path}\` ${text}`, { path });
}
