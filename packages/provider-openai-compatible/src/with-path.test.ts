import { expect, test } from 'vitest';
import { withPath } from './with-path.ts';

test.each([
  ['localhost:1234', 'http://localhost:1234/v1'],
  ['http://h', 'http://h/v1'],
  ['HTTPS://h/', 'HTTPS://h/v1'],
  ['https://h?x=1', 'https://h/v1?x=1'],
  ['https://h/other', 'https://h/other'],
  ['h/other/', 'http://h/other/'],
  ['https://', 'https://'],
])('%s is %s', (given, expected) => {
  expect(withPath('/v1', 'http')(given)).toBe(expected);
});
