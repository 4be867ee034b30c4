import type { Annotation } from '@anyllm/core';
import type { SourceContent } from '../specification.ts';

/** The address that an annotation cites; `undefined` for other annotations. */
export function toSource(annotation: Annotation): SourceContent | undefined {
  const { url, title } = Object(annotation.url_citation) as { url?: unknown; title?: unknown };
  if (typeof url !== 'string') return undefined;
  return {
    type: 'source',
    sourceType: 'url',
    id: crypto.randomUUID(),
    url,
    ...(typeof title === 'string' && { title }),
  };
}
