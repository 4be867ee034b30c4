import { InvalidRequestError } from '../errors/errors.ts';
import { beyondCompletion } from '../late-parts.ts';
import type { JsonSchema } from './json-keywords.ts';
import type { StandardJsonSchema, StandardSchema } from './standard-schema.ts';

/**
 * Makes a schema of plain JSON Schema, to be used wherever a validator's schema is taken. What a value must be is
 * checked by the schema's types, enumerations, properties, items, bounds, patterns and combinations; formats and
 * conditions (`if`, `dependentRequired` …) are not checked.
 *
 * ```ts
 * const city = jsonSchema<{ name: string }>({
 *   type: 'object',
 *   properties: { name: { type: 'string' } },
 *   required: ['name'],
 * });
 * ```
 * @template T what a value of this schema is; nothing ties it to the schema
 * @throws InvalidRequestError for anything but an object
 */
export function jsonSchema<T = unknown>(schema: object): StandardSchema<T, T> {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) {
    throw new InvalidRequestError('`jsonSchema` takes a JSON Schema that is an object', { path: 'schema' });
  }
  const asIs: StandardJsonSchema = { input: () => ({ ...schema }), output: () => ({ ...schema }) };
  const validate = async (value: unknown) => {
    const { findIssues } = await beyondCompletion();
    const issues = findIssues(value, schema as JsonSchema);
    return issues.length > 0 ? { issues } : { value: value as T };
  };
  return { '~standard': { version: 1, vendor: 'anyllm', validate, jsonSchema: asIs } };
}
