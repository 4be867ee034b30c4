import { type } from 'arktype';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import * as z from 'zod';
import * as mini from 'zod/mini';
import { z as z3 } from 'zod3';
import { jsonSchema } from './json-schema.ts';
import type { StandardSchema } from './standard-schema.ts';
import { toJsonSchema } from './to-json-schema.ts';

const city = {
  type: 'object',
  properties: { name: { type: 'string' }, area: { type: 'number' } },
  required: ['name'],
};

test.each<[string, StandardSchema]>([
  ['zod 4', z.object({ name: z.string(), area: z.optional(z.number()) })],
  ['zod/mini', mini.object({ name: mini.string(), area: mini.optional(mini.number()) })],
  ['zod 3', z3.object({ name: z3.string(), area: z3.number().optional() })],
  ['Valibot', v.object({ name: v.string(), area: v.optional(v.number()) })],
  ['ArkType', type({ name: 'string', 'area?': 'number' })],
  ['plain JSON Schema', jsonSchema(city)],
])('a schema of %s is written as JSON Schema', async (_, schema) => {
  const { additionalProperties: _closed, ...json } = await toJsonSchema(schema);
  expect(json).toEqual(city);
});

test('what is taken is written, not what is made of it', async () => {
  const schemas = [
    z.object({ at: z.string().transform(Number), unit: z.string().default('km') }),
    z3.object({ at: z3.string().transform(Number), unit: z3.string().default('km') }),
    v.object({ at: v.pipe(v.string(), v.transform(Number)), unit: v.optional(v.string(), 'km') }),
  ];
  for (const schema of schemas) {
    expect(await toJsonSchema(schema)).toMatchObject({ properties: { at: { type: 'string' } }, required: ['at'] });
  }
});

test('a schema is written once', async () => {
  const schema = z.object({ a: z.string() });
  expect(await toJsonSchema(schema)).toBe(await toJsonSchema(schema));
});

test('what JSON Schema cannot say is an invalid request', async () => {
  await expect(toJsonSchema(z.object({ at: z.date() }), 'response_format')).rejects.toMatchObject({
    code: 'invalid_request',
    path: 'response_format',
    message: expect.stringMatching(/zod cannot be written as JSON Schema \(Date cannot be/),
  });
});

test('an unknown vendor is told to bring JSON Schema', async () => {
  const schema = { '~standard': { version: 1, vendor: 'own', validate: (value: unknown) => ({ value }) } } as const;
  await expect(toJsonSchema(schema)).rejects.toMatchObject({
    code: 'invalid_request',
    message: '`schema`: a schema of own does not write itself as JSON Schema; pass `jsonSchema(…)` instead',
  });
});
