import { expect, test } from 'vitest';
import { toConnection } from './to-connection.ts';

test.each([
  ['http://h/v1', 'http://h/v1?a=1&b=%20'],
  ['http://h/v1?a=2', 'http://h/v1?a=2&b=%20'],
  ['http://h/v1?a=%2F&b=', 'http://h/v1?a=%2F&b='],
])('%s with a query is %s', (given, expected) => {
  const { baseURL } = toConnection({}, { query: () => ({ a: '1', b: ' ' }) });
  expect(baseURL.normalize?.(given)?.replaceAll('+', '%20')).toBe(expected);
});

test.each([
  [{}, undefined],
  [{ apiKeyEnv: 'A' }, { env: ['A'], required: true }],
  [
    { apiKeyEnv: ['A', 'B'], apiKeyOptional: true },
    { env: ['A', 'B'], required: false },
  ],
])('a key from %j', (settings, expected) => {
  expect(toConnection(settings, {}).apiKey).toEqual(expected);
});
