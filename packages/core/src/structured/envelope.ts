import { isRecord, type JsonSchema } from '../schema/json-keywords.ts';
import { mergeAll } from '../schema/merge-all.ts';
import { resolveReference } from '../schema/resolve-reference.ts';

// No server takes a schema of anything but an object: lists, unions and scalars go in an object's only member.

export function needsEnvelope(schema: JsonSchema): boolean {
  return rootOf(schema, schema, 0)?.type !== 'object';
}

/** What the root is, as far as it leads to something else in ten steps. */
function rootOf(part: JsonSchema, root: JsonSchema, depth: number): JsonSchema | undefined {
  const { $ref, allOf } = part;
  if (depth > 10) return undefined;
  const next = allOf ? mergeAll(part, root) : $ref === undefined ? part : resolveReference($ref, root);
  if (next === part || !isRecord(next)) return next as JsonSchema | undefined;
  return rootOf(next, root, depth + 1);
}

export function toEnvelope(schema: JsonSchema): JsonSchema {
  return {
    type: 'object',
    properties: { value: moveReferences(schema) as JsonSchema },
    required: ['value'],
    additionalProperties: false,
  };
}

export function openEnvelope(value: unknown): unknown {
  return isRecord(value) && Object.hasOwn(value, 'value') ? value.value : undefined;
}

/** What stood at the root stands one level deeper. */
function moveReferences(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(moveReferences);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(([key, part]) => [
    key,
    isReference(key, part) ? moved(part) : moveReferences(part),
  ]);
  return Object.fromEntries(entries);
}

function isReference(key: string, part: unknown): part is string {
  return key === '$ref' && typeof part === 'string' && part.startsWith('#');
}

function moved(reference: string): string {
  return `#/properties/value${reference.slice(1)}`;
}
