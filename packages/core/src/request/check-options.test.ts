import { expect, test } from 'vitest';
import { checkOptions } from './check-options.ts';

test.each<[unknown, string]>([
  [null, '`options` must be an object'],
  ['5s', '`options` must be an object'],
  [
    { timeOut: 5 },
    '`options.timeOut` is not an option; known are signal, timeout, retries, fallbacks, onInterrupt, repair, hedge, priority, provider, apiKey, baseURL, headers, unsupported, transport',
  ],
  [{ signal: {} }, '`options.signal` must be an AbortSignal'],
  [{ apiKey: null }, '`options.apiKey` must be a string'],
  [{ headers: { a: 1 } }, '`options.headers` must be a plain object of strings'],
  [{ unsupported: 'drop' }, '`options.unsupported` must be "warn" or "error"'],
  [{ transport: 'fetch' }, '`options.transport` must be a transport'],
])('%j is refused in words', (options, message) => {
  expect(() => checkOptions(options)).toThrow(expect.objectContaining({ message, path: message.split('`')[1] }));
});

test('every option, and any that is undefined, is accepted', () => {
  checkOptions({
    signal: new AbortController().signal,
    timeout: 5,
    provider: 'openai',
    apiKey: '',
    baseURL: '',
    headers: Object.create(null),
    unsupported: 'error',
    transport: () => {},
  });
  checkOptions({ signal: undefined, headers: undefined });
});
