import { type AnyJsonSchema, isRecord, type JsonSchema } from './json-keywords.ts';
import { resolveReference } from './resolve-reference.ts';

/**
 * Writes `allOf` and what stands beside it as one schema, where that is simple: the parts are objects of different
 * properties, or there is only one. `undefined` where it is not.
 */
export function mergeAll(
  { allOf = [], $defs: _, definitions: __, ...own }: JsonSchema,
  root: JsonSchema,
  depth = 0,
): JsonSchema | undefined {
  const parts = [...(Object.keys(own).length > 0 ? [own] : []), ...allOf];
  const flat = parts.map((part) => flatten(part, root, depth + 1));
  if (flat.length === 1) return flat[0];
  let merged: JsonSchema = { type: 'object', properties: {}, required: [] };
  for (const part of flat) {
    const sum = part && addObject(merged, part);
    if (!sum) return undefined;
    merged = sum;
  }
  return merged;
}

/** References written out, as far as they lead to something else in ten steps. */
function flatten(part: AnyJsonSchema, root: JsonSchema, depth: number): JsonSchema | undefined {
  if (!isRecord(part) || depth > 10) return undefined;
  const { $ref, allOf } = part as JsonSchema;
  if ($ref !== undefined) return flatten(resolveReference($ref, root) ?? false, root, depth + 1);
  return allOf ? mergeAll(part, root, depth) : part;
}

const mergeable: ReadonlySet<string> = new Set([
  ...['type', 'properties', 'required', 'additionalProperties', 'description', 'title', '$defs', 'definitions'],
]);

function addObject(sum: JsonSchema, part: JsonSchema): JsonSchema | undefined {
  const isObject = part.type === 'object' || part.properties !== undefined || part.description !== undefined;
  if (!isObject || !Object.keys(part).every((keyword) => mergeable.has(keyword))) return undefined;
  const { properties = {}, required = [], additionalProperties, description } = part;
  if (additionalProperties !== undefined && additionalProperties !== false) return undefined;
  if (Object.keys(properties).some((key) => Object.hasOwn(sum.properties ?? {}, key))) return undefined;
  return {
    ...sum,
    properties: { ...sum.properties, ...properties },
    required: [...(sum.required ?? []), ...required],
    ...(description !== undefined && { description }),
  };
}
