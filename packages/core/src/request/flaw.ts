import { shown } from '../errors/shown.ts';

/** What is wrong with a value, or with something in it. */
export interface Flaw {
  /** From the value that was looked at to what is wrong. */
  path: readonly (string | number)[];
  /** What stands there. */
  value: unknown;
  /** What would have been right, as `a string` or `"auto"`: several where there is a choice. */
  expected?: readonly string[];
  /** What is said in place of that, as `must be at most 1`. */
  complaint?: string;
}

/** To be read after the path, as `must be a number, not a string`. */
export function describeFlaw({ value, expected = [], complaint }: Flaw): string {
  if (complaint !== undefined) return complaint;
  if (value === undefined) return 'is missing';
  // Of a wrong word nothing is repeated: it may be private.
  const isWord = typeof value === 'string' && expected.some((form) => form.startsWith('"'));
  return `must be ${either(expected)}${isWord ? '' : `, not ${shown(value)}`}`;
}

/** `messages[0].content[1].text` */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}

function either(forms: readonly string[]): string {
  return forms.length < 2 ? forms.join() : `${forms.slice(0, -1).join(', ')} or ${forms.at(-1)}`;
}
