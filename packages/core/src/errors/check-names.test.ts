import { expect, test } from 'vitest';
import { checkNames } from './check-names.ts';

test('a name that is not known is refused with its path and the names that are', () => {
  const refused = { code: 'invalid_request', path: 'limits.openai.rpm' };
  const message = '`limits.openai.rpm` is not an option; known are burst, store';
  expect(() => checkNames({ burst: 1, rpm: 5 }, ['burst', 'store'], 'limits.openai')).toThrow(
    expect.objectContaining({ ...refused, message }),
  );
});

test('known names and none at all are accepted, whatever their values', () => {
  checkNames({}, []);
  checkNames({ burst: undefined }, ['burst']);
});
