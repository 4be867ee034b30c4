import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRateLimits, parseReset } from './rate-limits.ts';

const now = Date.UTC(2026, 0, 1);

describe('parseRateLimits', () => {
  test('reads the names of OpenAI and Groq', () => {
    const headers = {
      'x-ratelimit-limit-requests': '14400',
      'x-ratelimit-remaining-requests': '14370',
      'x-ratelimit-reset-requests': '2m59.56s',
      'x-ratelimit-limit-tokens': '18000',
      'x-ratelimit-remaining-tokens': '17997',
      'x-ratelimit-reset-tokens': '7.66s',
    };
    expect(parseRateLimits(headers)).toEqual({
      requests: { limit: 14_400, remaining: 14_370, resetMs: 179_560 },
      tokens: { limit: 18_000, remaining: 17_997, resetMs: 7660 },
    });
  });

  test.each<[string, Record<string, string | string[]>, unknown]>([
    ['Cerebras', { 'x-ratelimit-reset-tokens-minute': '11.38' }, { 'tokens-minute': { resetMs: 11_380 } }],
    [
      'OpenRouter',
      { 'x-ratelimit-limit': '20', 'x-ratelimit-reset': `${now + 500}` },
      { requests: { limit: 20, resetMs: 500 } },
    ],
    ['Mistral', { 'x-ratelimit-remaining-req-minute': '59' }, { 'req-minute': { remaining: 59 } }],
    [
      'Mistral before',
      { 'ratelimitbysize-remaining': '9', 'ratelimitbysize-reset': '31' },
      { tokens: { remaining: 9, resetMs: 31_000 } },
    ],
    ['Mistral before, by span', { 'x-ratelimitbysize-limit-month': '10' }, { 'tokens-month': { limit: 10 } }],
    ['the IETF draft', { 'ratelimit-remaining': '3' }, { requests: { remaining: 3 } }],
    ['a repeated header', { 'x-ratelimit-remaining-tokens': ['5', '6'] }, { tokens: { remaining: 5 } }],
    ['names of Object.prototype', { 'x-ratelimit-limit-constructor': '5' }, { constructor: { limit: 5 } }],
  ])('reads those of %s', (_, headers, expected) => {
    expect(parseRateLimits(headers, now)).toEqual(expected);
  });

  test.each<[string, Record<string, string | undefined>]>([
    ['no such headers', { 'content-type': 'application/json' }],
    ['Azure limits that mean unknown', { 'x-ratelimit-limit-tokens': '0', 'x-ratelimit-remaining-tokens': '-1' }],
    ['values that are no numbers', { 'x-ratelimit-limit-tokens': '10;w=60', 'x-ratelimit-reset-tokens': 'soon' }],
    ['other rate headers', { 'x-ratelimit-over-limit': 'no', 'ratelimitbysize-query-cost': '32' }],
    ['a header without value', { 'x-ratelimit-limit-tokens': undefined, 'x-ratelimit-limit': '' }],
  ])('gives nothing for %s', (_, headers) => {
    expect(parseRateLimits(headers)).toBeUndefined();
  });

  test('never throws and gives finite figures, none negative', () => {
    const name = fc.constantFrom(
      'x-ratelimit-reset-__proto__',
      'x-ratelimit-limit-tokens',
      'ratelimit-reset',
      'x-ratelimit-',
    );
    const value = fc.oneof(fc.string(), fc.double().map(String), fc.date({ noInvalidDate: true }).map(String));
    fc.assert(
      fc.property(fc.dictionary(name, value), (headers) => {
        for (const bucket of Object.values(parseRateLimits(headers, now) ?? {})) {
          for (const figure of Object.values(bucket)) expect(figure).toSatisfy((n) => Number.isFinite(n) && n >= 0);
        }
      }),
    );
  });
});

test.each([
  ['30', 30_000],
  ['0.25', 250],
  [`${now / 1000 + 60}`, 60_000],
  [`${now + 60}`, 60],
  [`${now - 60}`, 0],
  ['1m0s', 60_000],
  ['2026-01-01T00:00:05Z', 5000],
  ['Thu, 01 Jan 2026 00:00:07 GMT', 7000],
  ['-5', undefined],
  ['1e3', undefined],
  ['2026', 2_026_000],
  ['January', undefined],
])('a reset of %j is %s ms away', (text, expected) => {
  expect(parseReset(text, now)).toBe(expected);
});
