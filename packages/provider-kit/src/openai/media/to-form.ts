import type { FormFields } from '../../http/form.ts';
import type { WireBody } from '../quirks.ts';

/**
 * Fields as a form has them: of a list each item by itself, of an object each member as `name[member]`. What is not
 * there is left out, since a form has no `null`.
 * @param brackets whether a list is called `name[]`
 */
export function toForm(fields: WireBody, brackets = true): FormFields {
  return Object.entries(fields).flatMap(([name, value]) => toEntries(name, value, brackets));
}

function toEntries(name: string, value: unknown, brackets: boolean): FormFields {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item) => toEntries(brackets ? `${name}[]` : name, item, brackets));
  if (typeof value !== 'object' || value instanceof Blob) return [[name, value as string | number | boolean | Blob]];
  return Object.entries(value).flatMap(([member, item]) => toEntries(`${name}[${member}]`, item, brackets));
}
