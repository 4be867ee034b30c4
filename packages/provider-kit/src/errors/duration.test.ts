import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDuration } from './duration.ts';

test.each([
  ['12ms', 12],
  ['1s', 1000],
  ['6m0s', 360_000],
  ['59.2s', 59_200],
  ['2m59.56s', 179_560],
  ['1h2m3.5s', 3_723_500],
  ['7d', 604_800_000],
  ['0s', 0],
  ['1500us', 1.5],
  ['1500µs', 1.5],
  ['1500μs', 1.5],
  ['1e3s', undefined],
  ['5', undefined],
  ['', undefined],
  ['s', undefined],
  ['-1s', undefined],
  ['1s ', undefined],
  ['1s2', undefined],
  ['.5s', undefined],
])('%j is %s ms', (text, expected) => {
  const value = parseDuration(text);
  if (expected === undefined) expect(value).toBeUndefined();
  else expect(value).toBeCloseTo(expected, 6);
});

test('any text is a finite duration or none', () => {
  const text = fc.oneof(fc.string(), fc.stringMatching(/^[0-9.hmsnud]*$/));
  fc.assert(
    fc.property(text, (input) => {
      expect(parseDuration(input) ?? 0).toSatisfy(Number.isFinite);
    }),
  );
});
