import { describe, expect, it } from 'vitest';
import { jsonFromSchema } from './json-from-schema.ts';

describe('a value from a schema', () => {
  it.each([
    [{ type: 'string' }, 'value'],
    [{ type: 'string', minLength: 7 }, 'value..'],
    [{ type: 'string', maxLength: 2 }, 'va'],
    [{ type: 'string', format: 'date' }, '2026-01-02'],
    [{ type: 'integer', minimum: 5 }, 5],
    [{ type: 'number', exclusiveMaximum: 0 }, -1],
    [{ type: 'integer', minimum: 4, multipleOf: 3 }, 6],
    [{ type: 'boolean' }, true],
    [{ type: 'null' }, null],
    [{ type: ['null', 'integer'] }, 1],
    [{ enum: ['red', 'blue'] }, 'red'],
    [{ const: 3 }, 3],
    [{ anyOf: [{ type: 'null' }, { type: 'boolean' }] }, true],
    [{ type: 'array', items: { type: 'integer' }, minItems: 2 }, [1, 1]],
    [{ allOf: [{ type: 'integer' }, { minimum: 2 }] }, 2],
    [{}, 'value'],
  ])('%j is %j', (schema, value) => {
    expect(jsonFromSchema(schema)).toEqual(value);
  });

  it('has every member, named strings after it', () => {
    const schema = { type: 'object', properties: { city: { type: 'string' }, tags: { items: { type: 'string' } } } };
    expect(jsonFromSchema(schema)).toEqual({ city: 'city', tags: ['tags'] });
  });

  it('follows references', () => {
    const schema = { $ref: '#/$defs/place', $defs: { place: { properties: { zip: { type: 'integer' } } } } };
    expect(jsonFromSchema(schema)).toEqual({ zip: 1 });
  });

  it('ends a recursion with null', () => {
    const node = { type: 'object', properties: { next: { anyOf: [{ $ref: '#' }, { type: 'null' }] } } };
    expect(JSON.stringify(jsonFromSchema(node))).toMatch(/^(\{"next":)+null\}+$/);
  });
});
