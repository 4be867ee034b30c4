import { JsonChecker } from './find-issues.ts';
import { type AnyJsonSchema, isRecord, isSchema, type JsonSchema } from './json-keywords.ts';
import { mergeAll } from './merge-all.ts';
import { resolveReference } from './resolve-reference.ts';

export type StrictSchema =
  | { strict: true; schema: JsonSchema }
  /** Where it is that cannot be said strictly, and what. */
  | { strict: false; path: string; why: string };

/**
 * Rewrites a schema for servers with a strict mode, which let a model write nothing else: every object is closed and
 * has all its properties; one that may be absent becomes one that may be `null`, which `undoStrict` takes away again.
 * Constraints that this mode does not know are told in the description instead, and hold by validation only.
 * Source: OpenAI's guide to structured outputs, "supported schemas".
 */
export function toStrictSchema(schema: JsonSchema): StrictSchema {
  try {
    return { strict: true, schema: new StrictWriter(schema).write() };
  } catch (error) {
    if (error instanceof NotStrict) return { strict: false, path: error.path, why: error.why };
    throw error;
  }
}

class NotStrict extends Error {
  readonly path: string;
  readonly why: string;

  constructor(path: string, why: string) {
    super(why);
    this.path = path;
    this.why = why;
  }
}

/** Taken over as they are. */
const kept: ReadonlySet<string> = new Set([
  ...['type', 'title', 'enum', 'const'],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'minItems', 'maxItems'],
]);

/** Constraints that are told in words. What else is left out (`default`, `examples` …) holds by validation or is none. */
const told: ReadonlySet<string> = new Set([
  ...['format', 'pattern', 'minLength', 'maxLength', 'minProperties', 'maxProperties', 'uniqueItems'],
]);

const formats: ReadonlySet<unknown> = new Set([
  ...['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'uuid'],
]);

class StrictWriter {
  readonly #root: JsonSchema;
  readonly #checker: JsonChecker;
  readonly #definitions: Record<string, JsonSchema> = {};
  /** By reference. */
  readonly #names = new Map<string, string>();

  constructor(root: JsonSchema) {
    this.#root = root;
    this.#checker = new JsonChecker(root);
  }

  write(): JsonSchema {
    const { $ref } = this.#root;
    const named = $ref === undefined ? this.#root : resolveReference($ref, this.#root);
    const schema = this.#schema(named ?? false, '#');
    if (schema.type !== 'object') throw new NotStrict('#', 'is not an object');
    return this.#names.size === 0 ? schema : { ...schema, $defs: this.#definitions };
  }

  #schema(given: AnyJsonSchema, path: string): JsonSchema {
    if (!isRecord(given)) throw new NotStrict(path, given ? 'takes anything' : 'takes nothing');
    if (given.$ref !== undefined) return this.#reference(given.$ref, path);
    if (given.allOf) return this.#schema(this.#merged(given, path), path);
    const schema = this.#taken(given);
    const { anyOf, oneOf } = given;
    const alternatives = anyOf ?? oneOf;
    if (alternatives) {
      if (given.properties || (anyOf && oneOf)) throw new NotStrict(path, 'combines alternatives with more');
      schema.anyOf = alternatives.map((alternative, at) => this.#schema(alternative, `${path}/anyOf/${at}`));
      return schema;
    }
    const types = [schema.type ?? inferTypes(given)].flat();
    if (types.length === 0) throw new NotStrict(path, 'takes anything');
    schema.type = types.length === 1 ? (types[0] as string) : types;
    if (types.includes('object')) Object.assign(schema, this.#object(given, path));
    if (types.includes('array')) Object.assign(schema, this.#array(given, path));
    return schema;
  }

  /** What needs no rewriting. */
  #taken({ description, ...given }: JsonSchema): JsonSchema {
    const schema: JsonSchema = {};
    const notes: string[] = [];
    for (const [keyword, value] of Object.entries(given)) {
      if (kept.has(keyword) || isKnown(keyword, value)) schema[keyword] = value;
      // A validator writes the pattern of a format as well.
      else if (told.has(keyword) && !(keyword === 'pattern' && given.format)) notes.push(`${keyword}: ${value}`);
    }
    const note = notes.length > 0 ? `(${notes.join(', ')})` : undefined;
    const words = [description, note].filter((text) => text !== undefined).join(' ');
    return words === '' ? schema : { ...schema, description: words };
  }

  #object({ properties, required = [], additionalProperties, patternProperties }: JsonSchema, path: string) {
    const isOpen = additionalProperties === undefined ? properties === undefined : additionalProperties !== false;
    if (isOpen || patternProperties) throw new NotStrict(path, 'is an open record');
    const strict = Object.entries(properties ?? {}).map(([key, property]): [string, JsonSchema] => {
      const written = this.#schema(property, `${path}/properties/${key}`);
      const mayBeNull = required.includes(key) || this.#checker.fits(null, property);
      return [key, mayBeNull ? written : nullable(written)];
    });
    const closed = Object.fromEntries(strict);
    return { properties: closed, required: Object.keys(closed), additionalProperties: false };
  }

  /** A tuple becomes a list of its length of whatever any of its places takes. */
  #array({ items, prefixItems, additionalItems }: JsonSchema, path: string): JsonSchema {
    const first = prefixItems ?? (Array.isArray(items) ? (items as readonly AnyJsonSchema[]) : undefined);
    const rest = Array.isArray(items) ? additionalItems : items;
    if (!first) return { items: this.#schema((rest ?? true) as AnyJsonSchema, `${path}/items`) };
    const others = isSchema(rest) && rest !== false ? [rest] : [];
    const written = [...first, ...others].map((item, at) => this.#schema(item, `${path}/prefixItems/${at}`));
    const distinct = [...new Map(written.map((item) => [JSON.stringify(item), item])).values()];
    return {
      items: distinct.length === 1 ? (distinct[0] as JsonSchema) : { anyOf: distinct },
      minItems: first.length,
      ...(others.length === 0 && { maxItems: first.length }),
    };
  }

  /** Strict mode takes references to definitions and to the root only, and nothing beside them. */
  #reference($ref: string, path: string): JsonSchema {
    if ($ref === '#') return { $ref };
    const known = this.#names.get($ref);
    if (known !== undefined) return { $ref: `#/$defs/${known}` };
    const schema = resolveReference($ref, this.#root);
    if (schema === undefined) throw new NotStrict(path, `refers to ${$ref}, which is not in the schema`);
    const name = this.#nameFor($ref);
    this.#names.set($ref, name); // before it is written: it may refer to itself
    this.#definitions[name] = this.#schema(schema, $ref);
    return { $ref: `#/$defs/${name}` };
  }

  #nameFor($ref: string): string {
    const base = ($ref.split('/').at(-1) ?? '').replaceAll(/\W/g, '_') || 'schema';
    const taken = new Set(this.#names.values());
    let name = base;
    for (let at = 2; taken.has(name); at++) name = `${base}_${at}`;
    return name;
  }

  #merged(given: JsonSchema, path: string): JsonSchema {
    const merged = mergeAll(given, this.#root);
    if (!merged) throw new NotStrict(path, 'combines schemas that cannot be written as one');
    return merged;
  }
}

function isKnown(keyword: string, value: unknown): boolean {
  if (keyword === 'format') return formats.has(value);
  return keyword === 'pattern' && typeof value === 'string' && !/\(\?(?!:)/.test(value); // no lookaround
}

/** The types of a schema that names none. */
function inferTypes(schema: JsonSchema): string[] {
  if (schema.properties) return ['object'];
  if (schema.items !== undefined || schema.prefixItems) return ['array'];
  const values = 'const' in schema ? [schema.const] : (schema.enum ?? []);
  return [...new Set(values.map((value) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value)))];
}

function nullable(schema: JsonSchema): JsonSchema {
  const { type } = schema;
  const isScalar = typeof type === 'string' && type !== 'object' && type !== 'array';
  if (isScalar && !schema.enum && !('const' in schema)) return { ...schema, type: [type, 'null'] };
  if (schema.anyOf && !schema.description) return { ...schema, anyOf: [...schema.anyOf, { type: 'null' }] };
  return { anyOf: [schema, { type: 'null' }] };
}
