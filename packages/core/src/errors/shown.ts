/** The value itself only where it is a number, its kind otherwise: it may be a secret in the wrong place. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'object') return `a ${typeof value}`;
  const made = value?.constructor;
  return typeof made === 'function' && made !== Object ? `an instance of ${made.name}` : 'an object';
}
