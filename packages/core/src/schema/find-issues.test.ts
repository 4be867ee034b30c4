import { expect, test } from 'vitest';
import { InvalidRequestError } from '../errors/errors.ts';
import { findIssues } from './find-issues.ts';
import { jsonSchema } from './json-schema.ts';

const told = (value: unknown, schema: object) => findIssues(value, { ...schema }).map(({ message }) => message);

test.each<[unknown, object]>([
  ['a', { type: 'string', minLength: 1, maxLength: 1 }],
  ['💡', { type: 'string', maxLength: 1 }],
  [5, { type: 'integer' }],
  [0.3, { type: 'number', multipleOf: 0.1 }],
  [null, { type: ['string', 'null'] }],
  [{ a: [1] }, { const: { a: [1] } }],
  [['a', 1, true], { prefixItems: [{ type: 'string' }], items: { type: ['number', 'boolean'] } }],
  [['a'], { items: [{ type: 'string' }], additionalItems: false }],
  [{ x_a: 1 }, { patternProperties: { '^x_': { type: 'number' } }, additionalProperties: false }],
  [{ b: 1 }, { oneOf: [{ required: ['a'] }, { required: ['b'] }, { required: ['b'] }] }],
  [{ next: { next: {} } }, { properties: { next: { $ref: '#' } } }],
  ['anything', { format: 'email', if: { type: 'string' }, else: false, dependentRequired: { a: ['b'] } }],
  ['anything', { pattern: '(' }],
  ['anything', { $ref: 'https://elsewhere' }],
])('%j fits %j', (value, schema) => {
  expect(told(value, schema)).toEqual([]);
});

test.each<[unknown, object, string[]]>([
  [5, { type: 'string' }, ['must be string']],
  [1.5, { type: ['integer', 'null'] }, ['must be integer or null']],
  [[], { type: 'object' }, ['must be object']],
  ['c', { enum: ['a', 'b'] }, ['is none of the values allowed']],
  ['c', { const: 'a' }, ['is not the value required']],
  [1, { minimum: 2 }, ['must be at least 2']],
  [1, { maximum: 0 }, ['must be at most 0']],
  [1, { exclusiveMinimum: 1 }, ['must be greater than 1']],
  [1, { exclusiveMaximum: 1 }, ['must be less than 1']],
  [5, { multipleOf: 2 }, ['must be a multiple of 2']],
  ['', { minLength: 1 }, ['must have at least 1 characters']],
  ['b', { pattern: '^a' }, ['does not match its pattern']],
  [[1, 2], { maxItems: 1 }, ['must have at most 1 items']],
  [{}, { required: ['a'] }, ['is missing']],
  [{ b: 1 }, { properties: { a: true }, additionalProperties: false }, ['must not be there']],
  [5, { anyOf: [{ type: 'string' }, { type: 'null' }] }, ['fits none of the alternatives']],
  [5, { allOf: [{ minimum: 6 }, { maximum: 4 }] }, ['must be at least 6', 'must be at most 4']],
  [5, { not: { type: 'number' } }, ['is what it must not be']],
  [{ next: { next: 5 } }, { properties: { next: { type: 'object', $ref: '#' } } }, ['must be object']],
])('%j does not fit %j', (value, schema, messages) => {
  expect(told(value, schema)).toEqual(messages);
});

test('a union of unions is walked through once', () => {
  const branch = (kind: string) => ({ properties: { next: { $ref: '#' }, kind: { const: kind } }, required: ['kind'] });
  const schema = { anyOf: [branch('a'), branch('b'), { type: 'null' }] };
  let value: unknown = null;
  for (let depth = 0; depth < 200; depth++) value = { next: value, kind: 'b' };
  expect(findIssues(value, schema)).toEqual([]);
});

test.each([null, [], 'text'])('%j is no JSON Schema of an object', (schema) => {
  expect(() => jsonSchema(schema as never)).toThrow(InvalidRequestError);
});
