import { AnyLLMError } from '../errors/any-llm-error.ts';
import { abortSignal, type Checks, callback, checkFields, count, flag, milliseconds } from '../errors/check-fields.ts';
import type {
  FulfilledRow,
  Gather,
  Gathering,
  GatherOptions,
  RejectedRow,
  SettledRow,
  TaskContext,
} from './gathering.ts';
import type { ItemContext } from './item-context.ts';
import { checkIterable, type IterableSource } from './iterable-source.ts';
import { mapConcurrent } from './map-concurrent.ts';
import { defaultTaskName, type RunRequest, settleTask } from './settle-task.ts';

/**
 * A `gather` whose requests are run by the given function. It starts at once and runs tasks, functions and requests
 * mixed, at most `concurrency` at a time; an iterable is read no further than that.
 *
 * By default the first failure rejects the whole with that very error, aborts the siblings without waiting for them,
 * and closes the source; `task` of an `AnyLLMError` names the one that failed. With `settle` a task's failure is a row like any other; that of a wrong task and of a timeout
 * too. In both cases an error of the source rejects the whole, and the rows until then can still be iterated.
 * Wrong options reject with `InvalidRequestError`.
 */
export function createGather<Model extends string = string>(runRequest: RunRequest<Model>): Gather<Model> {
  const gather = (tasks: IterableSource<unknown>, options: GatherOptions<unknown> = {}) =>
    new GatherRun(tasks, options, runRequest as RunRequest).start();
  return gather as unknown as Gather<Model>; // only the signature relates the tasks to their results
}

const checks: Checks<GatherOptions> = {
  concurrency: count,
  timeout: milliseconds,
  settle: flag,
  signal: abortSignal,
  onProgress: callback,
  name: callback,
};

class GatherRun {
  readonly #tasks: IterableSource<unknown>;
  readonly #options: GatherOptions<unknown>;
  readonly #runRequest: RunRequest;
  /** Rows as the tasks settle. */
  #settling: AsyncIterableIterator<SettledRow> | undefined;
  /** The rows so far. */
  readonly #rows: SettledRow[] = [];
  /** Wakes the iterations that have read them all. */
  readonly #wakers: (() => void)[] = [];
  /** Without `settle`: the failure that ends the whole. */
  #failure: RejectedRow | undefined;
  #doneCount = 0;
  #failedCount = 0;
  #cancelled = false;
  #ended = false;

  constructor(tasks: IterableSource<unknown>, options: GatherOptions<unknown>, runRequest: RunRequest) {
    this.#tasks = tasks;
    this.#options = options;
    this.#runRequest = runRequest;
  }

  /** A true promise, so that a failure nobody looks at is reported as those of other promises are. */
  start(): Gathering<unknown[], SettledRow> {
    const results = this.#collect();
    const iterate = () => {
      results.catch(() => {}); // the iteration throws it
      return this.#iterate(results);
    };
    return Object.assign(results, { [Symbol.asyncIterator]: iterate });
  }

  async #collect(): Promise<unknown[]> {
    try {
      for await (const row of this.#settleTasks()) this.#add(row);
      if (this.#cancelled) throw new DOMException('The iteration over the tasks was broken off', 'AbortError');
      return this.#results();
    } catch (error) {
      // Not when the source, the caller's signal or `onProgress` ended it.
      if (this.#failure !== undefined && this.#failure.reason === error) this.#report(this.#failure);
      throw error;
    } finally {
      this.#ended = true;
      this.#wake();
    }
  }

  async *#iterate(results: Promise<unknown>): AsyncGenerator<SettledRow, undefined> {
    let readCount = 0;
    try {
      for (;;) {
        while (readCount < this.#rows.length) yield this.#rows[readCount++] as SettledRow;
        if (this.#ended) break;
        await new Promise<void>((resolve) => this.#wakers.push(resolve));
      }
      await results;
    } finally {
      await this.#cancel();
    }
  }

  #settleTasks(): AsyncIterable<SettledRow> {
    checkFields(this.#options, checks);
    checkIterable(this.#tasks, 'tasks');
    const { concurrency, signal } = this.#options;
    const settle = (input: unknown, item: ItemContext) => this.#settleTask(input, item);
    this.#settling = mapConcurrent(this.#tasks, settle, { concurrency, ordered: false, signal });
    return this.#settling;
  }

  async #settleTask(input: unknown, item: ItemContext): Promise<SettledRow> {
    const { name = defaultTaskName, settle, timeout } = this.#options;
    const context = new NamedContext(item, name(item.index, input));
    const row = await settleTask(input, context, { timeout, runRequest: this.#runRequest });
    if (settle || row.status === 'fulfilled') return row;
    if (!item.signal.aborted) this.#noteFailure(row); // an aborted task did not fail by itself
    throw row.reason;
  }

  /** The error says which task it is of, where it is one of ours; a gathering inside the task may have said so. */
  #noteFailure(row: RejectedRow): void {
    this.#failure ??= row;
    const { reason, index, name } = row;
    if (AnyLLMError.isInstance(reason)) reason.task ??= { index, name };
  }

  #add(row: SettledRow): void {
    this.#rows.push(row);
    this.#wake();
    this.#report(row);
  }

  #report({ index, name, status }: SettledRow): void {
    this.#doneCount++;
    if (status === 'rejected') this.#failedCount++;
    const counts = { done: this.#doneCount, failed: this.#failedCount };
    const total = Array.isArray(this.#tasks) ? { total: this.#tasks.length } : {};
    this.#options.onProgress?.({ ...counts, ...total, index, name, status });
  }

  #results(): unknown[] {
    const results: unknown[] = new Array(this.#rows.length);
    for (const row of this.#rows) results[row.index] = this.#options.settle ? row : (row as FulfilledRow).value;
    return results;
  }

  #wake(): void {
    for (const wake of this.#wakers.splice(0)) wake();
  }

  async #cancel(): Promise<void> {
    if (this.#ended) return;
    this.#cancelled = true;
    await this.#settling?.return?.();
  }
}

/** A class, since an accessor of an object literal is made anew for each task. */
class NamedContext implements TaskContext {
  readonly name: string;
  readonly #item: ItemContext;

  constructor(item: ItemContext, name: string) {
    this.#item = item;
    this.name = name;
  }

  get index(): number {
    return this.#item.index;
  }

  /** Left to be made when it is asked for. */
  get signal(): AbortSignal {
    return this.#item.signal;
  }
}
