import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countTokens, cutEvenly, splitTokens } from './tokens.ts';

it('splits text into words and signs, each with its blanks', () => {
  expect([...splitTokens('Hello, dear  world! ')]).toEqual(['Hello', ',', ' dear', '  world', '!', ' ']);
});

it('loses nothing of any text, and counts what it splits', () => {
  fc.assert(
    fc.property(fc.uint16Array(), (units) => {
      const text = String.fromCharCode(...units);
      const tokens = [...splitTokens(text)];
      expect(tokens.join('')).toBe(text);
      expect(countTokens(text)).toBe(tokens.length);
    }),
  );
});

it('cuts a text into at most the number of pieces asked for', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 20 }), (text, count) => {
      const pieces = cutEvenly(text, count);
      expect(pieces.join('')).toBe(text);
      expect(pieces.length).toBeLessThanOrEqual(count);
    }),
  );
});
