/** A JSON object of a server: any field may be missing or of any type. */
export type Fields = Record<string, unknown>;

export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** The objects of a list; none when it is not one. */
export function objectsOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter((item) => fieldsOf(item) !== undefined) : [];
}

/** A text; `""` for anything else. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
