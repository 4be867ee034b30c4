import { InvalidRequestError } from './errors.ts';
import { shown } from './shown.ts';

/** Says what is wrong with the field or option at the path: "`timeout` must be …". */
export function invalidField(path: string, complaint: string): InvalidRequestError {
  return new InvalidRequestError(`\`${path}\` ${complaint}`, { path });
}

/** Says too what stands there, as far as that cannot be a secret: "`timeout` must be …, not a string". */
export function invalidValue(path: string, expected: string, value: unknown): InvalidRequestError {
  const isWord = typeof value === 'string' && expected.startsWith('"'); // a text is right, but not this one
  return invalidField(path, `must be ${expected}${isWord ? '' : `, not ${shown(value)}`}`);
}
