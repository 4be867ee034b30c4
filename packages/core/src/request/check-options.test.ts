import { expect, test } from 'vitest';
import { checkCompletionOptions, checkOptions } from './check-options.ts';

test.each<[unknown, string]>([
  [null, '`options` must be an object'],
  ['5s', '`options` must be an object'],
  [
    { timeOut: 5 },
    '`options.timeOut` is not an option; known are signal, timeout, retries, fallbacks, hedge, priority, provider, apiKey, baseURL, headers, unsupported, transport',
  ],
  [{ signal: {} }, '`options.signal` must be an AbortSignal, not an object'],
  [{ apiKey: null }, '`options.apiKey` must be a string, not null'],
  [{ headers: { a: 1 } }, '`options.headers` must be a plain object of strings, not an object'],
  [{ unsupported: 'drop' }, '`options.unsupported` must be "warn" or "error"'],
  [{ transport: 'fetch' }, '`options.transport` must be a transport, not a string'],
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

test.each<[object, string]>([
  [
    { repairs: 1 },
    '`options.repairs` is not an option; known are signal, timeout, retries, fallbacks, hedge, priority, provider, apiKey, baseURL, headers, unsupported, transport, onInterrupt, repair',
  ],
  [{ onInterrupt: 'resume' }, '`options.onInterrupt` must be "restart", or be left out'],
  [{ repair: 1 }, '`options.repair` must be 0 without a schema in `response_format`, not 1'],
])('of a completion, %j is refused in words', (options, message) => {
  expect(() => checkCompletionOptions(options)).toThrow(expect.objectContaining({ message }));
});

test.each([{ onInterrupt: 'restart' }, { repair: 0 }])('%j is for completions alone', (options) => {
  checkCompletionOptions(options);
  const path = `options.${Object.keys(options)[0]}`;
  expect(() => checkOptions(options)).toThrow(expect.objectContaining({ code: 'invalid_request', path }));
});
