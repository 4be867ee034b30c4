import { isObject } from './answer.ts';
import type { JsonObject } from './recorded-request.ts';

// Deep enough for real schemas; recursive ones have to end somewhere.
const MAX_DEPTH = 12;

/** A value that satisfies the common keywords of a JSON schema, the same one each time. */
export function jsonFromSchema(schema: unknown, root: unknown = schema, name = 'value', depth = 0): unknown {
  if (!isObject(schema) || depth > MAX_DEPTH) return null;
  const nested = (inner: unknown, innerName = name) => jsonFromSchema(inner, root, innerName, depth + 1);
  if (typeof schema.$ref === 'string') return nested(lookUp(schema.$ref, root));
  if ('const' in schema) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  if ('default' in schema) return schema.default;
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(alternatives)) return nested(preferred(alternatives, depth));
  if (Array.isArray(schema.allOf)) return nested(Object.assign({}, ...schema.allOf));
  return fromType(schema, typeOf(schema, depth), name, nested);
}

type Nested = (schema: unknown, name?: string) => unknown;

function fromType(schema: JsonObject, type: unknown, name: string, nested: Nested): unknown {
  if (type === 'object') return objectFrom(schema, nested);
  if (type === 'array') return arrayFrom(schema, nested);
  if (type === 'string') return stringFrom(schema, name);
  if (type === 'integer') return Math.ceil(numberFrom(schema));
  if (type === 'number') return numberFrom(schema);
  return type === 'boolean' ? true : null;
}

function typeOf(schema: JsonObject, depth: number): unknown {
  if (Array.isArray(schema.type)) return preferred(schema.type, depth);
  if (schema.type !== undefined) return schema.type;
  if (schema.properties !== undefined) return 'object';
  return schema.items === undefined ? 'string' : 'array';
}

// Nullable members are filled in, but near the depth limit null ends a recursion.
function preferred(alternatives: unknown[], depth: number): unknown {
  const isNull = (item: unknown) => item === 'null' || (isObject(item) && item.type === 'null');
  const nullable = alternatives.find(isNull);
  return depth > MAX_DEPTH / 2 && nullable ? nullable : alternatives.find((item) => !isNull(item));
}

function objectFrom(schema: JsonObject, nested: Nested): JsonObject {
  const properties = isObject(schema.properties) ? schema.properties : {};
  return Object.fromEntries(Object.entries(properties).map(([key, inner]) => [key, nested(inner, key)]));
}

function arrayFrom(schema: JsonObject, nested: Nested): unknown[] {
  if (Array.isArray(schema.prefixItems)) return schema.prefixItems.map((inner) => nested(inner));
  const length = Math.min(Number(schema.minItems ?? 1), Number(schema.maxItems ?? Infinity));
  return Array.from({ length }, () => nested(schema.items));
}

const FORMATS: Record<string, string> = {
  date: '2026-01-02',
  'date-time': '2026-01-02T03:04:05Z',
  time: '03:04:05Z',
  email: 'someone@example.com',
  uri: 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000000',
  ipv4: '192.0.2.1',
};

// The member's own name reads better than a placeholder.
function stringFrom(schema: JsonObject, name: string): string {
  const text = FORMATS[String(schema.format)] ?? name;
  return text.padEnd(Number(schema.minLength ?? 0), '.').slice(0, Number(schema.maxLength ?? Infinity));
}

function numberFrom(schema: JsonObject): number {
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum, multipleOf } = schema as Record<string, number>;
  const lowest = minimum ?? (exclusiveMinimum === undefined ? -Infinity : exclusiveMinimum + 1);
  const highest = maximum ?? (exclusiveMaximum === undefined ? Infinity : exclusiveMaximum - 1);
  const value = Math.min(Math.max(1, lowest), highest);
  return multipleOf === undefined ? value : Math.ceil(Math.max(value, lowest) / multipleOf) * multipleOf;
}

function lookUp(reference: string, root: unknown): unknown {
  const steps = reference.split('/').slice(1);
  return steps.reduce<unknown>((at, step) => (isObject(at) ? at[step] : undefined), root);
}
