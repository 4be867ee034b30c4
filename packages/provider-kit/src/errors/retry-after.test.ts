import type { ResponseHeaders } from '@anyllm/core/provider';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRetryAfter } from './retry-after.ts';

const now = Date.UTC(2026, 0, 1);

describe('parseRetryAfter', () => {
  test.each<[string, ResponseHeaders, string, number | undefined]>([
    ['milliseconds before seconds', { 'retry-after-ms': '1500', 'retry-after': '9' }, '', 1500],
    ['seconds', { 'retry-after': '2' }, '', 2000],
    ['a fraction of a second', { 'retry-after': '0.0105' }, '', 11],
    ['zero', { 'retry-after': '0' }, '', 0],
    ['a date', { 'retry-after': 'Thu, 01 Jan 2026 00:00:30 GMT' }, '', 30_000],
    ['a date that is past', { 'retry-after': 'Wed, 31 Dec 2025 00:00:00 GMT' }, '', 0],
    [
      'a date by the clock of the server',
      { 'retry-after': 'Thu, 01 Jan 2026 01:00:30 GMT', date: 'Thu, 01 Jan 2026 01:00:00 GMT' },
      '',
      30_000,
    ],
    ['a header before the text', { 'retry-after': '2' }, 'try again in 9s', 2000],
    ['a hint in the text', {}, 'Rate limit reached. Please try again in 1.2s. Visit', 1200],
    ['a compound hint', {}, 'Please try again in 1m2.5s.', 62_500],
    ['a hint in milliseconds', {}, 'Please try again in 120ms.', 120],
    ['a hint in words', {}, 'Please retry after 6 seconds.', 6000],
    ['no hint in other words', {}, 'try again in a moment', undefined],
    ['no hint in months', {}, 'try again in 2months', undefined],
    [
      'the slowest of the limits that are used up',
      {
        'x-ratelimit-remaining-requests': '0',
        'x-ratelimit-reset-requests': '2s',
        'x-ratelimit-remaining-tokens': '0',
        'x-ratelimit-reset-tokens': '5s',
        'x-ratelimit-remaining-day': '3',
        'x-ratelimit-reset-day': '20h',
      },
      '',
      5000,
    ],
    ['a negative wait passed over', { 'retry-after': '-5' }, 'try again in 3s', 3000],
    ['seconds that are no safe number of ms', { 'retry-after': '9007199254740.992' }, '', Number.MAX_SAFE_INTEGER],
    ['no number', { 'retry-after-ms': 'NaN', 'retry-after': 'soon' }, '', undefined],
    ['no headers', {}, '', undefined],
  ])('%s', (_, headers, message, expected) => {
    expect(parseRetryAfter(headers, message, now)).toBe(expected);
  });

  test('is undefined or a whole number of milliseconds, none negative, for any header', () => {
    const value = fc.oneof(
      fc.string(),
      fc.double().map(String),
      fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
    );
    const headers = fc.dictionary(fc.constantFrom('retry-after-ms', 'retry-after', 'date', 'x-ratelimit-reset'), value);
    fc.assert(
      fc.property(headers, fc.string(), (input, message) => {
        expect(parseRetryAfter(input, message, now) ?? 0).toSatisfy(
          (ms) => Number.isSafeInteger(ms) && Number(ms) >= 0,
        );
      }),
    );
  });
});
