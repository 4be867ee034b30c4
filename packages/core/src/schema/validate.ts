import { formatPath } from '../request/flaw.ts';
import type { StandardSchema } from './standard-schema.ts';

/** One thing that is wrong with a value. */
export interface SchemaIssue {
  /** `items[0].name`; `""` for the value itself. */
  path: string;
  /** The validator's own words. They may repeat the value. */
  message: string;
}

export type Validation<T> = { value: T; issues?: undefined } | { issues: SchemaIssue[] };

/** Checks a value by its schema, which may transform it. What the schema's own code throws is thrown. */
export async function validate<T>(schema: StandardSchema<T>, value: unknown): Promise<Validation<T>> {
  const result = await schema['~standard'].validate(value);
  if (result.issues === undefined) return { value: result.value };
  return { issues: result.issues.map(({ message, path = [] }) => ({ message, path: formatPath(path.map(keyOf)) })) };
}

function keyOf(segment: unknown): string | number {
  const key = typeof segment === 'object' && segment !== null && 'key' in segment ? segment.key : segment;
  return typeof key === 'number' ? key : String(key);
}
