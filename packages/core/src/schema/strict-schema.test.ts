import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findIssues } from './find-issues.ts';
import type { JsonSchema } from './json-keywords.ts';
import { toStrictSchema } from './strict-schema.ts';
import { undoStrict } from './undo-strict.ts';

const text = { type: 'string' };
const object = (properties: object, required: string[] = []) =>
  ({ type: 'object', properties, required }) as JsonSchema;
const closed = (properties: object) => ({
  ...object(properties, Object.keys(properties)),
  additionalProperties: false,
});

function strict(schema: JsonSchema): JsonSchema {
  const written = toStrictSchema(schema);
  if (!written.strict) throw new Error(`${written.path} ${written.why}`);
  return written.schema;
}

describe('toStrictSchema', () => {
  test.each<[string, JsonSchema, object]>([
    ['an optional text may be null', object({ a: text }), closed({ a: { type: ['string', 'null'] } })],
    ['a required one is as it was', object({ a: text }, ['a']), closed({ a: text })],
    [
      'an optional object is an alternative to null',
      object({ a: object({}) }),
      closed({ a: { anyOf: [closed({}), { type: 'null' }] } }),
    ],
    [
      'so is an optional enumeration',
      object({ a: { enum: ['x'] } }),
      closed({ a: { anyOf: [{ enum: ['x'], type: 'string' }, { type: 'null' }] } }),
    ],
    ['null stays null', object({ a: { type: ['string', 'null'] } }), closed({ a: { type: ['string', 'null'] } })],
    [
      'one of several is any of them',
      object({ a: { oneOf: [text, { type: 'number' }] } }, ['a']),
      closed({ a: { anyOf: [text, { type: 'number' }] } }),
    ],
    [
      'parts are one object',
      { allOf: [object({ a: text }, ['a']), { $ref: '#/$defs/b' }], $defs: { b: object({ b: text }, ['b']) } },
      closed({ a: text, b: text }),
    ],
    [
      'a tuple is a list of its length',
      object({ a: { type: 'array', prefixItems: [text, { type: 'number' }], items: false } }, ['a']),
      closed({ a: { type: 'array', items: { anyOf: [text, { type: 'number' }] }, minItems: 2, maxItems: 2 } }),
    ],
    [
      'constraints that strict mode lacks are told',
      object({ a: { ...text, minLength: 2, default: 'x', description: 'A name' } }, ['a']),
      closed({ a: { ...text, description: 'A name (minLength: 2)' } }),
    ],
    [
      'an unknown format is told, its pattern is not',
      object({ a: { ...text, format: 'uri', pattern: '^(?!x)' } }, ['a']),
      closed({ a: { ...text, description: '(format: uri)' } }),
    ],
    [
      'references lead to definitions',
      object({ a: object({ x: text }, ['x']), b: { $ref: '#/properties/a', description: 'B' } }, ['a', 'b']),
      { ...closed({ a: closed({ x: text }), b: { $ref: '#/$defs/a' } }), $defs: { a: closed({ x: text }) } },
    ],
    [
      'a definition may refer to itself, or to the root',
      { $ref: '#/definitions/n', definitions: { n: object({ n: { $ref: '#/definitions/n' } }) } },
      {
        ...closed({ n: { anyOf: [{ $ref: '#/$defs/n' }, { type: 'null' }] } }),
        $defs: { n: closed({ n: { anyOf: [{ $ref: '#/$defs/n' }, { type: 'null' }] } }) },
      },
    ],
  ])('%s', (_, schema, expected) => {
    expect(strict(schema)).toEqual(expected);
  });

  test.each<[string, JsonSchema, string]>([
    ['is an open record', object({ a: { type: 'object', additionalProperties: text } }), '#/properties/a'],
    ['is an open record', { type: 'object' }, '#'],
    ['is an open record', { ...object({ a: text }), additionalProperties: {} }, '#'],
    ['takes anything', object({ a: {} }), '#/properties/a'],
    ['takes anything', object({ a: { type: 'array' } }), '#/properties/a/items'],
    ['takes nothing', object({ a: false }), '#/properties/a'],
    ['is not an object', { type: 'array', items: text }, '#'],
    ['is not an object', { anyOf: [object({}), object({})] }, '#'],
    ['refers to #/x, which is not in the schema', object({ a: { $ref: '#/x' } }), '#/properties/a'],
    [
      'combines schemas that cannot be written as one',
      { allOf: [object({ a: text }), object({ a: { type: 'number' } })] },
      '#',
    ],
    ['combines schemas that cannot be written as one', { allOf: [{ $ref: '#' }, object({})] }, '#'],
  ])('%s: %j', (why, schema, path) => {
    expect(toStrictSchema(schema)).toEqual({ strict: false, path, why });
  });
});

describe('undoStrict', () => {
  const kinds = {
    anyOf: [
      object({ kind: { const: 'a' }, x: text }, ['kind']),
      object({ kind: { const: 'b' }, x: { type: ['string', 'null'] } }, ['kind']),
    ],
  };
  const reference = { $ref: '#/$defs/node' };
  const node = object({ value: text, next: { anyOf: [reference, { type: 'null' }] }, left: reference });
  test.each<[string, JsonSchema, unknown, unknown]>([
    ['an optional property goes', object({ a: text }), { a: null }, {}],
    ['a nullable one stays', object({ a: { type: ['string', 'null'] } }), { a: null }, { a: null }],
    ['a required one stays', object({ a: text }, ['a']), { a: null }, { a: null }],
    ['an unknown one stays', object({}), { a: null }, { a: null }],
    ['in a list', { items: object({ a: text }) }, [{ a: null }, { a: 'b' }], [{}, { a: 'b' }]],
    ['a null in a list stays', { items: { type: ['string', 'null'] } }, [null], [null]],
    ['in a record', { additionalProperties: object({ a: text }) }, { x: { a: null } }, { x: {} }],
    [
      'in the alternative that fits',
      { items: kinds },
      [
        { kind: 'a', x: null },
        { kind: 'b', x: null },
      ],
      [{ kind: 'a' }, { kind: 'b', x: null }],
    ],
    [
      'by references, as deep as they lead',
      { $ref: '#/$defs/node', $defs: { node } },
      { value: null, next: { value: 'x', next: null, left: { value: null, next: null, left: null } }, left: null },
      { next: { value: 'x', next: null, left: { next: null } } },
    ],
    ['in all parts', { allOf: [object({ a: text }), object({ b: text })] }, { a: null, b: null }, {}],
    [
      '`__proto__` is a key',
      object({ ['__proto__']: object({ a: text }) }),
      JSON.parse('{"__proto__":{"a":null}}'),
      JSON.parse('{"__proto__":{}}'),
    ],
  ])('%s', (_, schema, value, expected) => {
    const before = structuredClone(value);
    expect(undoStrict(value, schema)).toEqual(expected);
    expect(value).toEqual(before);
  });
});

/** A schema, a value of it, and how a model in strict mode would write that value. */
interface Sample {
  schema: JsonSchema;
  value: unknown;
  asStrict: unknown;
}

const scalar: fc.Arbitrary<Sample> = fc.oneof(
  fc.string().map((value) => ({ schema: { type: 'string' }, value, asStrict: value })),
  fc.integer().map((value) => ({ schema: { type: 'integer' }, value, asStrict: value })),
  fc.constant({ schema: { type: ['boolean', 'null'] }, value: null, asStrict: null }),
);

const sample: fc.Arbitrary<Sample> = fc.letrec<{ any: Sample }>((tie) => ({
  any: fc.oneof({ maxDepth: 4, withCrossShrink: true }, scalar, objectOf(tie('any')), listOf(tie('any'))),
})).any;

function objectOf(part: fc.Arbitrary<Sample>): fc.Arbitrary<Sample> {
  const presence = fc.constantFrom('required', 'given', 'absent');
  const property = fc.tuple(part, presence).map(([part, presence]): [Sample, string] => {
    // Absent, a nullable one would come back as null: one and the same to its schema.
    const isNullable = [part.schema.type].flat().includes('null');
    return [part, isNullable ? 'given' : presence];
  });
  return fc.dictionary(fc.constantFrom('a', 'b', 'c'), property).map((parts) => {
    const properties = Object.entries(parts).map(([name, [part, presence]]) => ({ name, presence, ...part }));
    const required = properties.filter(({ presence }) => presence === 'required').map(({ name }) => name);
    const given = properties.filter(({ presence }) => presence !== 'absent');
    const schemas = properties.map(({ name, schema }) => [name, schema]);
    const strictly = properties.map(({ name, presence, asStrict }) => [name, presence === 'absent' ? null : asStrict]);
    return {
      schema: object(Object.fromEntries(schemas), required),
      value: Object.fromEntries(given.map(({ name, value }) => [name, value])),
      asStrict: Object.fromEntries(strictly),
    };
  });
}

function listOf(part: fc.Arbitrary<Sample>): fc.Arbitrary<Sample> {
  return fc.tuple(part, fc.nat(3)).map(([{ schema, value, asStrict }, length]) => ({
    schema: { type: 'array', items: schema },
    value: new Array(length).fill(value),
    asStrict: new Array(length).fill(asStrict),
  }));
}

test('what is written by the strict schema is a value of the original one, as it would have been without', () => {
  fc.assert(
    fc.property(objectOf(sample), ({ schema, value, asStrict }) => {
      expect(undoStrict(asStrict, schema)).toEqual(value);
      expect(findIssues(value, schema)).toEqual([]);
      expect(findIssues(asStrict, strict(schema))).toEqual([]);
    }),
  );
});
