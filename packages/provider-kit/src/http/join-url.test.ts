import { expect, test } from 'vitest';
import { joinURL } from './join-url.ts';

test.each([
  ['http://host', 'http://host/chat'],
  ['http://host/', 'http://host/chat'],
  ['http://host/v1', 'http://host/v1/chat'],
  ['http://host/v1/', 'http://host/v1/chat'],
  ['http://host/v1?version=1', 'http://host/v1/chat?version=1'],
  ['http://host/v1/?version=/1/', 'http://host/v1/chat?version=/1/'],
  ['http://host?version=1', 'http://host/chat?version=1'],
])('below %s it is %s', (baseURL, url) => {
  expect(joinURL(baseURL, 'chat')).toBe(url);
});

test('a query of the path stands beside that of the base', () => {
  expect(joinURL('http://host/v1', 'files?after=a')).toBe('http://host/v1/files?after=a');
  expect(joinURL('http://host/v1?version=1', 'files?after=a')).toBe('http://host/v1/files?after=a&version=1');
});
