import { expect, test } from 'vitest';
import * as errors from './errors.ts';
import { errorClasses, InvalidRequestError, RateLimitError, TimeoutError } from './errors.ts';
import { errorToJSON, reviveError } from './revive-error.ts';

test.each([
  new RateLimitError('p: slow down', { provider: 'p', status: 429, retryable: true, retryAfterMs: 5 }),
  new InvalidRequestError('p: wrong', { path: 'messages[0]' }),
  new TimeoutError('p: too late', { phase: 'headers', timeoutMs: 10, retryable: true }),
])('$name is the same again after its way through JSON', (error) => {
  const revived = reviveError(JSON.parse(JSON.stringify(errorToJSON(error))));
  expect(revived.constructor).toBe(error.constructor);
  expect(errorToJSON(revived)).toEqual(errorToJSON(error));
});

test('a code that is not known stands for an error of the provider', () => {
  expect(reviveError({ code: 'of_a_later_version', message: 'x' })).toMatchObject({ code: 'provider', message: 'x' });
});

test.each(errorClasses)('an error of code $code is one of its class again', (Class) => {
  expect(Class.isInstance(reviveError({ code: Class.code, message: 'x' }))).toBe(true);
});

test('every class is among those that can be revived', () => {
  const { errorClasses: listed, ...classes } = errors;
  expect(new Set(listed)).toEqual(new Set(Object.values(classes)));
});
