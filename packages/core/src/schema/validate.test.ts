import { type } from 'arktype';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { z as z3 } from 'zod3';
import { jsonSchema } from './json-schema.ts';
import type { StandardSchema } from './standard-schema.ts';
import { validate } from './validate.ts';

const item = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] };

test.each<[string, StandardSchema]>([
  ['zod 4', z.object({ items: z.array(z.object({ name: z.string() })) })],
  ['zod 3', z3.object({ items: z3.array(z3.object({ name: z3.string() })) })],
  ['Valibot', v.object({ items: v.array(v.object({ name: v.string() })) })],
  ['ArkType', type({ items: type({ name: 'string' }).array() })],
  ['plain JSON Schema', jsonSchema({ type: 'object', properties: { items: { type: 'array', items: item } } })],
])('%s: the issues name the place', async (_, schema) => {
  expect(await validate(schema, { items: [{ name: 'a' }] })).toEqual({ value: { items: [{ name: 'a' }] } });
  const { issues = [] } = await validate(schema, { items: [{ name: 'a' }, { name: 5 }] });
  expect(issues).toEqual([{ path: 'items[1].name', message: expect.any(String) }]);
});

test('the value is what the schema makes of it, at once or later', async () => {
  expect(await validate(z.object({ at: z.string().transform(Number) }), { at: '5' })).toEqual({ value: { at: 5 } });
  const later = z.string().refine(async (text) => text === 'a');
  expect((await validate(later, 'b')).issues).toHaveLength(1);
});
