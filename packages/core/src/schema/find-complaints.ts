import { isRecord, type JsonSchema, toRegExp } from './json-keywords.ts';

/** What is wrong with a value by itself, without its parts. */
export function findComplaints(value: unknown, schema: JsonSchema): string[] {
  const complaints: string[] = [];
  const { type, enum: allowed } = schema;
  const types = type === undefined ? [] : [type].flat();
  if (types.length > 0 && !types.some((name) => isOfType(value, name)))
    complaints.push(`must be ${types.join(' or ')}`);
  if (allowed && !allowed.some((known) => isEqual(known, value))) complaints.push('is none of the values allowed');
  if ('const' in schema && !isEqual(schema.const, value)) complaints.push('is not the value required');
  if (typeof value === 'number') complaints.push(...numberComplaints(value, schema));
  if (typeof value === 'string') complaints.push(...textComplaints(value, schema));
  if (Array.isArray(value)) complaints.push(...sizeComplaints(value.length, schema.minItems, schema.maxItems, 'items'));
  if (isRecord(value)) {
    const { minProperties, maxProperties } = schema;
    complaints.push(...sizeComplaints(Object.keys(value).length, minProperties, maxProperties, 'properties'));
  }
  return complaints;
}

function numberComplaints(value: number, schema: JsonSchema): string[] {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  const complaints: string[] = [];
  if (typeof minimum === 'number' && value < minimum) complaints.push(`must be at least ${minimum}`);
  if (typeof maximum === 'number' && value > maximum) complaints.push(`must be at most ${maximum}`);
  if (typeof exclusiveMinimum === 'number' && value <= exclusiveMinimum)
    complaints.push(`must be greater than ${exclusiveMinimum}`);
  if (typeof exclusiveMaximum === 'number' && value >= exclusiveMaximum)
    complaints.push(`must be less than ${exclusiveMaximum}`);
  if (typeof multipleOf === 'number' && !isMultiple(value, multipleOf))
    complaints.push(`must be a multiple of ${multipleOf}`);
  return complaints;
}

/** 0.3 is three times 0.1, although 0.3 / 0.1 is not 3 in binary fractions. */
function isMultiple(value: number, of: number): boolean {
  const times = value / of;
  return Math.abs(times - Math.round(times)) <= Number.EPSILON * Math.max(1, Math.abs(times));
}

function textComplaints(value: string, { minLength, maxLength, pattern }: JsonSchema): string[] {
  const length = minLength === undefined && maxLength === undefined ? 0 : [...value].length; // in code points
  const complaints = sizeComplaints(length, minLength, maxLength, 'characters');
  const fits = typeof pattern !== 'string' || (toRegExp(pattern)?.test(value) ?? true);
  return fits ? complaints : [...complaints, 'does not match its pattern'];
}

function sizeComplaints(size: number, minimum: unknown, maximum: unknown, of: string): string[] {
  if (typeof minimum === 'number' && size < minimum) return [`must have at least ${minimum} ${of}`];
  if (typeof maximum === 'number' && size > maximum) return [`must have at most ${maximum} ${of}`];
  return [];
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isRecord(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

/** Equal as JSON. */
function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, at) => isEqual(item, b[at]));
  if (!isRecord(a) || !isRecord(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isEqual(a[key], b[key]));
}
