import { type AnyJsonSchema, isSchema, type JsonSchema } from './json-keywords.ts';

/** What `#/$defs/city` and the like point at; `undefined` where that is nothing, or outside of the document. */
export function resolveReference(reference: string, root: JsonSchema): AnyJsonSchema | undefined {
  if (reference === '#') return root;
  if (!reference.startsWith('#/')) return undefined;
  let at: unknown = root;
  for (const step of reference.slice(2).split('/')) {
    const key = decode(step);
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = at[key as keyof typeof at];
  }
  return isSchema(at) ? at : undefined;
}

/** RFC 6901 in the form of a URI fragment. */
function decode(step: string): string {
  const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}
