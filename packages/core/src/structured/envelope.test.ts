import { expect, test } from 'vitest';
import { findIssues } from '../schema/find-issues.ts';
import type { JsonSchema } from '../schema/json-keywords.ts';
import { needsEnvelope, openEnvelope, toEnvelope } from './envelope.ts';

const object = { type: 'object', properties: { a: { type: 'string' } } };

test.each<[JsonSchema, boolean]>([
  [object, false],
  [{ $ref: '#/$defs/a', $defs: { a: object } }, false],
  [{ allOf: [object, { type: 'object', properties: { b: true } }] }, false],
  [{ type: 'array' }, true],
  [{ type: ['object', 'null'] }, true],
  [{ anyOf: [object, object] }, true],
  [{ $ref: '#/$defs/a', $defs: { a: { type: 'string' } } }, true],
  [{ $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } } }, true],
  [{}, true],
])('%j needs an envelope: %j', (schema, expected) => {
  expect(needsEnvelope(schema)).toBe(expected);
});

test('references lead to where things are within', () => {
  const tree = { anyOf: [{ $ref: '#/$defs/leaf' }, { type: 'array', items: { $ref: '#' } }], $defs: { leaf: { type: 'number' } } }; // biome-ignore format: one line
  const schema = toEnvelope(tree);
  expect(findIssues({ value: [1, [2, [3]]] }, schema)).toEqual([]);
  expect(findIssues({ value: [1, ['2']] }, schema)).not.toEqual([]);
  expect(findIssues({ value: 'x' }, schema)).not.toEqual([]);
});

test.each([null, 5, [], {}])('%j is no envelope', (value) => {
  expect(openEnvelope(value)).toBeUndefined();
});
