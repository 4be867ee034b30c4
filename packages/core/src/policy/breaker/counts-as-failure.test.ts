import { expect, test } from 'vitest';
import {
  AuthenticationError,
  ConnectionError,
  ContextLengthExceededError,
  InvalidRequestError,
  OverloadedError,
  ProviderError,
  QuotaExceededError,
  RateLimitError,
  ResponseParseError,
  StreamInterruptedError,
  TimeoutError,
} from '../../errors/errors.ts';
import { countsAsFailure } from './counts-as-failure.ts';

const interruptedBy = (cause: unknown) => new StreamInterruptedError('cut', { cause });

test.each<[string, unknown]>([
  ['no connection', new ConnectionError('refused')],
  ['headers that do not come', new TimeoutError('late', { phase: 'headers', timeoutMs: 1 })],
  ['a stream that goes silent', new TimeoutError('late', { phase: 'idle', timeoutMs: 1 })],
  ['an attempt that takes too long', new TimeoutError('late', { phase: 'attempt', timeoutMs: 1 })],
  ['500', new ProviderError('server', { status: 500 })],
  ['a time-out at the vendor', new ProviderError('server', { status: 408 })],
  ['503', new OverloadedError('busy', { status: 503 })],
  ['529', new OverloadedError('busy', { status: 529 })],
  ['a cut stream', interruptedBy(undefined)],
  ['a reset stream', interruptedBy(new ConnectionError('reset'))],
  ['a stream that turns unreadable', interruptedBy(new ResponseParseError('event'))],
  ['a stream that ends in a server error', interruptedBy(new ProviderError('server', { status: 500 }))],
  ['an error of another library', new TypeError('fetch failed')],
  ['anything thrown', 'no'],
])('%s counts', (_, error) => {
  expect(countsAsFailure(error)).toBe(true);
});

test.each<[string, unknown]>([
  ['the deadline of the call', new TimeoutError('late', { phase: 'total', timeoutMs: 1 })],
  ['a wrong request', new InvalidRequestError('path')],
  ['a wrong key', new AuthenticationError('key', { status: 401 })],
  ['a context that is too long, though it came as 500', new ContextLengthExceededError('long', { status: 500 })],
  ['a rate limit', new RateLimitError('slow down', { status: 429 })],
  ['overload by rate', new OverloadedError('busy', { status: 429 })],
  ['a used-up quota', new QuotaExceededError('credits', { status: 402 })],
  ['a stream that ends in a rate limit', interruptedBy(new RateLimitError('slow down', { status: 429 }))],
  ['an answer that is not found', new ProviderError('not found', { status: 404 })],
  ['an answer that cannot be read', new ResponseParseError('html', { status: 200 })],
  ['the refusal of a circuit', new OverloadedError('open')],
  ['an abort', new DOMException('left', 'AbortError')],
])('%s does not count', (_, error) => {
  expect(countsAsFailure(error)).toBe(false);
});
