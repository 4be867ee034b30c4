import { ResponseParseError } from '@anyllm/core/provider';
import { expect, test } from 'vitest';
import { jsonText } from './json-text.ts';

test.each([
  [{ a: [1, 'x', null] }, '{"a":[1,"x",null]}'],
  ['x', '"x"'],
  [undefined, ''],
])('%j is written as %s', (value, text) => {
  expect(jsonText(value, 'acme')).toBe(text);
});

test('what is nested without end is a typed error', () => {
  const nested: unknown[] = [];
  nested.push(nested);
  expect(() => jsonText(nested, 'acme')).toThrow(ResponseParseError);
});
