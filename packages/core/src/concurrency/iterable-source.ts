import { invalidField } from '../errors/invalid-field.ts';

/** An array, or anything else that `for await` reads. */
export type IterableSource<Item> = Iterable<Item> | AsyncIterable<Item>;

export function isIterable(value: unknown): boolean {
  const { [Symbol.asyncIterator]: async, [Symbol.iterator]: sync } = Object(value);
  return typeof async === 'function' || typeof sync === 'function';
}

/** Throws `InvalidRequestError` with the given path for what cannot be iterated. */
export function checkIterable(source: unknown, path: string): void {
  if (isIterable(source)) return;
  throw invalidField(path, 'must be an array or another iterable');
}
