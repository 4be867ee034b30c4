import { abortSignal, type Checks, checkFields, count, flag } from '../errors/check-fields.ts';
import { checkFunction } from './check-function.ts';
import { ConcurrentMap } from './concurrent-map.ts';
import type { ItemContext } from './item-context.ts';
import { checkIterable, type IterableSource } from './iterable-source.ts';

/** How the items are worked on. */
export interface MapConcurrentOptions {
  /** How many items may be started and not yet taken, from 1 to `Infinity`. Default 10. */
  concurrency?: number | undefined;
  /** Results in the order of the source (default), where a slow item holds up those after it; or as they come. */
  ordered?: boolean | undefined;
  /** Ends the iteration: it throws `signal.reason` at once, and what still runs is aborted and left behind. */
  signal?: AbortSignal | undefined;
}

const checks: Checks<MapConcurrentOptions> = { concurrency: count, ordered: flag, signal: abortSignal };

/**
 * Applies `fn` to each item of a source of any length, in constant memory, and iterates over the results.
 *
 * At most `concurrency` items are started and not yet taken by the consumer, so that a slow or absent consumer stops
 * the source; nothing starts before the first `next()`. An async source is asked for one item at a time.
 *
 * A failure, of `fn` or of the source, ends the iteration: nothing more is started, the source is closed, the items
 * whose results would have come after the failure are aborted, the results before it are delivered, then it is thrown.
 * "Before" means the source's order, or, with `ordered: false`, the time. A `break` aborts what still runs.
 *
 * ```ts
 * for await (const answer of mapConcurrent(lines, (line, { signal }) => ask(line, { signal }), { concurrency: 20 })) …
 * ```
 */
export function mapConcurrent<Item, Result>(
  source: IterableSource<Item>,
  fn: (item: Item, context: ItemContext) => Result | PromiseLike<Result>,
  options: MapConcurrentOptions = {},
): AsyncIterableIterator<Result> {
  checkIterable(source, 'source');
  checkFunction(fn, 'fn');
  checkFields(options, checks);
  const { concurrency = 10, ordered = true, signal } = options;
  return new ConcurrentMap({ source, fn, concurrency, ordered, signal });
}
