import { InvalidRequestError } from '../errors/errors.ts';

/** An array, or anything else that `for await` reads. */
export type IterableSource<Item> = Iterable<Item> | AsyncIterable<Item>;

/** Throws `InvalidRequestError` with the given path for what cannot be iterated. */
export function checkIterable(source: unknown, path: string): void {
  const { [Symbol.asyncIterator]: async, [Symbol.iterator]: sync } = Object(source);
  if (typeof async === 'function' || typeof sync === 'function') return;
  throw new InvalidRequestError(`${path} must be an array or another iterable`, { path });
}
