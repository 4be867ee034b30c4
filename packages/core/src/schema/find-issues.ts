import { findComplaints } from './find-complaints.ts';
import { type AnyJsonSchema, isRecord, isSchema, type JsonSchema, toRegExp } from './json-keywords.ts';
import { resolveReference } from './resolve-reference.ts';

export interface JsonIssue {
  path: readonly (string | number)[];
  message: string;
}

/** Where a value does not fit its JSON Schema; see `jsonSchema` for what is looked at. */
export function findIssues(value: unknown, schema: JsonSchema): JsonIssue[] {
  return new JsonChecker(schema).issues(value);
}

type Path = readonly (string | number)[];
type Values = Readonly<Record<string, unknown>>;

export interface JsonCheckerOptions {
  /** Whether `null` in a property that may be absent counts as its absence. */
  nullIsAbsent?: boolean;
}

/** Checks values by the parts of one JSON Schema. */
export class JsonChecker {
  readonly #root: JsonSchema;
  readonly #nullIsAbsent: boolean;
  /** What has been found before: without it, a union of unions would be walked through once for each way to its end. */
  readonly #known = new WeakMap<object, Map<AnyJsonSchema, boolean>>();

  constructor(root: JsonSchema, { nullIsAbsent = false }: JsonCheckerOptions = {}) {
    this.#root = root;
    this.#nullIsAbsent = nullIsAbsent;
  }

  issues(value: unknown, schema: AnyJsonSchema = this.#root, path: Path = []): JsonIssue[] {
    if (schema === true) return [];
    if (schema === false) return [{ path, message: 'must not be there' }];
    return [
      ...this.#referenced(value, schema, path),
      ...findComplaints(value, schema).map((message) => ({ path, message })),
      ...this.#combined(value, schema, path),
      ...(Array.isArray(value) ? this.#items(value, schema, path) : []),
      ...(isRecord(value) ? this.#properties(value, schema, path) : []),
    ];
  }

  /** Whether there are no issues. */
  fits(value: unknown, schema: AnyJsonSchema): boolean {
    if (typeof value !== 'object' || value === null) return this.issues(value, schema).length === 0;
    let results = this.#known.get(value);
    if (!results) {
      results = new Map();
      this.#known.set(value, results);
    }
    const known = results.get(schema);
    if (known !== undefined) return known;
    results.set(schema, false); // of a schema that only leads back to itself
    const fits = this.issues(value, schema).length === 0;
    results.set(schema, fits);
    return fits;
  }

  #referenced(value: unknown, { $ref }: JsonSchema, path: Path): JsonIssue[] {
    const schema = $ref === undefined ? undefined : resolveReference($ref, this.#root);
    return schema === undefined ? [] : this.issues(value, schema, path);
  }

  #combined(value: unknown, { anyOf, oneOf, allOf, not }: JsonSchema, path: Path): JsonIssue[] {
    const issues = (allOf ?? []).flatMap((part) => this.issues(value, part, path));
    // Of `oneOf`, too, one is enough: that a value fits two is a fault of the schema, not of the value.
    for (const alternatives of [anyOf, oneOf]) {
      if (!alternatives || alternatives.some((alternative) => this.fits(value, alternative))) continue;
      issues.push({ path, message: 'fits none of the alternatives' });
    }
    if (isSchema(not) && this.fits(value, not)) issues.push({ path, message: 'is what it must not be' });
    return issues;
  }

  #items(values: readonly unknown[], schema: JsonSchema, path: Path): JsonIssue[] {
    return values.flatMap((value, index) => {
      const item = schemaOfItem(schema, index);
      return item === undefined ? [] : this.issues(value, item, [...path, index]);
    });
  }

  #properties(values: Values, schema: JsonSchema, path: Path): JsonIssue[] {
    const { required = [] } = schema;
    const missing = required.filter((key) => !Object.hasOwn(values, key));
    const issues: JsonIssue[] = missing.map((key) => ({ path: [...path, key], message: 'is missing' }));
    for (const [key, value] of Object.entries(values)) {
      const property = schemaOfProperty(schema, key);
      if (property === undefined) continue;
      if (this.#nullIsAbsent && value === null && !required.includes(key)) continue;
      issues.push(...this.issues(value, property, [...path, key]));
    }
    return issues;
  }
}

/** The schema of an array's item; `undefined` where it may be anything. */
export function schemaOfItem({ items, prefixItems, additionalItems }: JsonSchema, index: number) {
  const first = prefixItems ?? (Array.isArray(items) ? (items as readonly AnyJsonSchema[]) : []);
  const rest = Array.isArray(items) ? additionalItems : items;
  return index < first.length ? first[index] : isSchema(rest) ? rest : undefined;
}

/** The schema of an object's property; `undefined` where it may be anything. */
export function schemaOfProperty(schema: JsonSchema, key: string): AnyJsonSchema | undefined {
  const { properties = {}, patternProperties, additionalProperties } = schema;
  if (Object.hasOwn(properties, key)) return properties[key];
  for (const [pattern, property] of Object.entries(patternProperties ?? {})) {
    if (toRegExp(pattern)?.test(key) && isSchema(property)) return property;
  }
  return additionalProperties;
}
