/** A schema as JSON Schema has them, of draft 7 or later; `true` takes anything, `false` nothing. */
export type AnyJsonSchema = JsonSchema | boolean;

/** The keywords that are read here; any other may stand beside them. */
export interface JsonSchema {
  type?: string | readonly string[];
  enum?: readonly unknown[];
  const?: unknown;
  properties?: Readonly<Record<string, AnyJsonSchema>>;
  required?: readonly string[];
  additionalProperties?: AnyJsonSchema;
  items?: AnyJsonSchema | readonly AnyJsonSchema[];
  prefixItems?: readonly AnyJsonSchema[];
  anyOf?: readonly AnyJsonSchema[];
  oneOf?: readonly AnyJsonSchema[];
  allOf?: readonly AnyJsonSchema[];
  $ref?: string;
  description?: string;
  [keyword: string]: unknown;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isSchema(value: unknown): value is AnyJsonSchema {
  return typeof value === 'boolean' || isRecord(value);
}

/** `undefined` for one that this language does not know: it is then not checked. */
export function toRegExp(pattern: string): RegExp | undefined {
  for (const flags of ['u', '']) {
    try {
      return new RegExp(pattern, flags);
    } catch {
      // The stricter reading did not take it; the other may.
    }
  }
  return undefined;
}
