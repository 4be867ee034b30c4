import { expect, test } from 'vitest';
import { defaultTimeLimits, resolveTimeLimits } from './time-limits.ts';

test('every default is a number of milliseconds, all but the attempt finite', () => {
  const { attempt, ...others } = defaultTimeLimits;
  expect(attempt).toBe(Number.POSITIVE_INFINITY);
  expect(Object.values(others).every((limit) => Number.isFinite(limit) && limit > 0)).toBe(true);
});

test('without time-outs the defaults hold', () => {
  expect(resolveTimeLimits()).toBe(defaultTimeLimits);
  expect(resolveTimeLimits(undefined, undefined)).toBe(defaultTimeLimits);
  expect(resolveTimeLimits({})).toEqual(defaultTimeLimits);
});

test('later ones win, phase by phase; a number is the total', () => {
  const limits = resolveTimeLimits({ idle: 1, connect: 2 }, 3, undefined, { idle: 4, headers: undefined } as never);
  expect(limits).toEqual({ ...defaultTimeLimits, total: 3, connect: 2, idle: 4 });
});

test('the defaults are not changed by what is given', () => {
  const before = { ...defaultTimeLimits };
  resolveTimeLimits({ total: 1, idle: 1 });
  expect(defaultTimeLimits).toEqual(before);
});

test.each([0.001, 1, 2 ** 31, Number.MAX_VALUE, Number.POSITIVE_INFINITY])('%d ms is a limit', (total) => {
  expect(resolveTimeLimits(total).total).toBe(total);
});

const unknown = 'is not an option; known are total, attempt, connect, headers, firstToken, idle';

test.each<[unknown, string, string]>([
  [Number.NaN, 'options.timeout', '`options.timeout` must be milliseconds greater than 0, not NaN'],
  [0, 'options.timeout', '`options.timeout` must be milliseconds greater than 0, not 0'],
  [-1, 'options.timeout', '`options.timeout` must be milliseconds greater than 0, not -1'],
  [Number.NEGATIVE_INFINITY, 'options.timeout', '`options.timeout` must be milliseconds greater than 0, not -Infinity'],
  ['5s', 'options.timeout', '`options.timeout` must be milliseconds greater than 0, not a string'],
  [5n, 'options.timeout', '`options.timeout` must be milliseconds greater than 0, not a bigint'],
  [null, 'options.timeout', '`options.timeout` must be milliseconds greater than 0, not null'],
  [{ idle: '1' }, 'options.timeout.idle', '`options.timeout.idle` must be milliseconds greater than 0, not a string'],
  [{ read: 5 }, 'options.timeout.read', `\`options.timeout.read\` ${unknown}`],
  [JSON.parse('{"__proto__":5}'), 'options.timeout.__proto__', `\`options.timeout.__proto__\` ${unknown}`],
])('%o is refused at %s', (given, path, message) => {
  expect(() => resolveTimeLimits(given as number)).toThrow(
    expect.objectContaining({ code: 'invalid_request', path, message }),
  );
});
