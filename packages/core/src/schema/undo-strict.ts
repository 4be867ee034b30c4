import { JsonChecker, schemaOfItem, schemaOfProperty } from './find-issues.ts';
import { type AnyJsonSchema, isRecord, type JsonSchema } from './json-keywords.ts';
import { resolveReference } from './resolve-reference.ts';

/**
 * Takes away what `toStrictSchema` had to ask for: a property that may be absent, but not `null`, and that is `null`
 * now, is absent again. A property that may be `null` keeps it.
 * @param value as the model wrote it; it stays as it is
 * @param schema before it was rewritten
 */
export function undoStrict(value: unknown, schema: JsonSchema): unknown {
  return new StrictUndoing(schema).undo(value, schema);
}

class StrictUndoing {
  readonly #root: JsonSchema;
  readonly #original: JsonChecker;
  /** For values from which the nulls have not been taken yet. */
  readonly #strict: JsonChecker;

  constructor(root: JsonSchema) {
    this.#root = root;
    this.#original = new JsonChecker(root);
    this.#strict = new JsonChecker(root, { nullIsAbsent: true });
  }

  undo(value: unknown, schema: AnyJsonSchema | undefined): unknown {
    if (typeof value !== 'object' || value === null || !isRecord(schema)) return value;
    return this.#schemasFor(value, schema).reduce<unknown>((undone, part) => this.#undoParts(undone, part), value);
  }

  /** All that a value has to fit: the schema itself, what it refers to, and of alternatives the one that fits. */
  #schemasFor(value: object, schema: JsonSchema): JsonSchema[] {
    const { $ref, anyOf, oneOf, allOf = [] } = schema;
    const referred = $ref === undefined ? undefined : resolveReference($ref, this.#root);
    const chosen = [anyOf, oneOf].map((either) => either?.find((alternative) => this.#strict.fits(value, alternative)));
    const others = [referred, ...chosen, ...allOf].filter((part): part is JsonSchema => isRecord(part));
    return [schema, ...others.flatMap((part) => this.#schemasFor(value, part))];
  }

  #undoParts(value: unknown, schema: JsonSchema): unknown {
    if (Array.isArray(value)) return value.map((item, index) => this.undo(item, schemaOfItem(schema, index)));
    if (!isRecord(value)) return value;
    const entries = Object.entries(value)
      .filter(([key, property]) => property !== null || !this.#isAbsence(schema, key))
      .map(([key, property]) => [key, this.undo(property, schemaOfProperty(schema, key))]);
    return Object.fromEntries(entries);
  }

  #isAbsence({ properties = {}, required = [] }: JsonSchema, key: string): boolean {
    if (required.includes(key) || !Object.hasOwn(properties, key)) return false;
    return !this.#original.fits(null, properties[key] ?? true);
  }
}
