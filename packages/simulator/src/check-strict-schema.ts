import { isObject } from './answer.ts';
import { asArray } from './chat-question.ts';
import type { JsonObject } from './recorded-request.ts';

const UNSUPPORTED =
  `allOf not if then else contains patternProperties propertyNames minProperties maxProperties uniqueItems
  dependentRequired dependentSchemas prefixItems unevaluatedItems unevaluatedProperties contentEncoding oneOf default`.split(
    /\s+/,
  );

/** The first thing that OpenAI's strict mode does not take in a schema, in its words. */
export function findInStrictSchema(schema: JsonObject): string | undefined {
  if (schema.type !== 'object') return `In context=(), schema must be a JSON Schema of 'type: "object"'`;
  return findInPart(schema, []);
}

function findInPart(schema: JsonObject, path: string[]): string | undefined {
  const at = `In context=(${path.map((key) => `'${key}'`).join(', ')})`;
  const unsupported = UNSUPPORTED.find((keyword) => keyword in schema);
  if (unsupported) return `${at}, '${unsupported}' is not permitted.`;
  if (schema.$ref === undefined && schema.type === undefined && schema.anyOf === undefined)
    return `${at}, schema must have a 'type' key.`;
  return (isOfObjects(schema) ? findInObject(schema, at) : undefined) ?? findInParts(schema, path);
}

function isOfObjects({ type }: JsonObject): boolean {
  return asArray(typeof type === 'string' ? [type] : type).includes('object');
}

function findInObject({ properties, required, additionalProperties }: JsonObject, at: string): string | undefined {
  if (additionalProperties !== false)
    return `${at}, 'additionalProperties' is required to be supplied and to be false.`;
  const keys = Object.keys(isObject(properties) ? properties : {});
  const optional = keys.find((key) => !asArray(required).includes(key));
  return optional === undefined
    ? undefined
    : `${at}, 'required' is required to be supplied and to be an array including every key in properties. Missing '${optional}'.`;
}

function findInParts(schema: JsonObject, path: string[]): string | undefined {
  const named = ['properties', '$defs'].flatMap((keyword) => {
    const parts = schema[keyword];
    return isObject(parts) ? Object.entries(parts).map(([key, part]) => [part, keyword, key] as const) : [];
  });
  const alternatives = asArray(schema.anyOf).map((part, index) => [part, 'anyOf', String(index)] as const);
  for (const [part, ...keys] of [...named, ...alternatives, [schema.items, 'items'] as const]) {
    const found = isObject(part) ? findInPart(part, [...path, ...keys]) : undefined;
    if (found) return found;
  }
  return undefined;
}
