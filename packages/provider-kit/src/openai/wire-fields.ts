/** A JSON object of a server: any field may be missing or of any type. */
export type Fields = Record<string, unknown>;

export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** The objects of a list; none when it is not one. */
export function objectsOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter((item) => fieldsOf(item) !== undefined) : [];
}

/** A whole number from 0; nothing for anything else. */
export function countOf(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : undefined;
}

/** A time above zero, in whole seconds. Some servers write the number as a text. */
export function secondsOf(value: unknown): number | undefined {
  const seconds = typeof value === 'number' || typeof value === 'string' ? Math.floor(Number(value)) : 0;
  return countOf(seconds) || undefined;
}

/** The values that are texts. */
export function textsOf(fields: Fields): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** A text; `""` for anything else. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Choices beyond this are not told apart; it would have us keep as many. OpenAI's own limit is 128. */
export const maxChoices = 128;
