import { either, list, nonEmpty, optional, record, text } from '../request/shape.ts';

// The fields that the requests of all operations have.

export const modelField = either(text, nonEmpty(list(text)));

export const providerOptionsField = optional(record(record()));

export function unknownParameter(): string {
  return 'is not a known parameter; vendor-only fields go in `provider_options`';
}
