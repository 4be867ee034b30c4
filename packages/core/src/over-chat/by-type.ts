import { object, type Shape, text } from '../request/shape.ts';

const other = object({ type: text });

/**
 * An object whose kind its `type` tells. Of other types than these, each vendor knows its own.
 * @param unnamed the type of one that names none
 */
export function byType(shapes: Readonly<Record<string, Shape>>, unnamed?: string): Shape {
  return (value) => {
    const type = (value as { type?: unknown } | null | undefined)?.type ?? unnamed;
    const known = typeof type === 'string' && Object.hasOwn(shapes, type) ? shapes[type] : undefined;
    return (known ?? other)(value);
  };
}
