import { isPromiseLike } from './is-promise-like.ts';
import { type ItemContext, LazyContext } from './item-context.ts';
import type { IterableSource } from './iterable-source.ts';
import { type Slot, SlotQueue } from './slot-queue.ts';

interface Settings<Item, Result> {
  source: IterableSource<Item>;
  fn: (item: Item, context: ItemContext) => Result | PromiseLike<Result>;
  concurrency: number;
  ordered: boolean;
  signal: AbortSignal | undefined;
}

interface Waiter<Result> {
  resolve: (result: IteratorResult<Result, undefined>) => void;
  reject: (reason: unknown) => void;
}

/**
 * The iterator behind `mapConcurrent`, which states what it promises. It is written by hand for speed: no async
 * generator, and no promise where a result is there already.
 *
 * A result waits in the queue in the order in which it will be taken: ordered items enter it when they start, unordered
 * ones when they settle. An item that fails, a source that fails and a caller who aborts all leave a failed slot there;
 * taking it ends the iteration.
 */
export class ConcurrentMap<Item, Result> implements AsyncIterableIterator<Result> {
  readonly #settings: Settings<Item, Result>;
  readonly #queue: SlotQueue;
  /** Calls of `next()` that came before their results. */
  readonly #waiters: Waiter<Result>[] = [];
  #opened = false;
  /** Present while the source has to be closed. */
  #iterator: Iterator<Item> | AsyncIterator<Item> | undefined;
  #isAsync = false;
  #pulling = false;
  /** Nothing more will be started. */
  #exhausted = false;
  #startedCount = 0;

  constructor(settings: Settings<Item, Result>) {
    this.#settings = settings;
    this.#queue = new SlotQueue((slot, failed, outcome) => {
      this.#record(slot, failed, outcome);
      this.#deliver();
    });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Result, undefined>> {
    if (!this.#opened) this.#open();
    if (!this.#isReady()) {
      return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }));
    }
    try {
      return Promise.resolve(this.#take());
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Waits for the source to close, unless the source is busy with its next item, which may never come. */
  async return(): Promise<IteratorResult<Result, undefined>> {
    const closed = this.#closeSource();
    this.#finish();
    if (this.#pulling) closed.catch(ignore);
    else await closed;
    return { value: undefined, done: true };
  }

  #open(): void {
    const { source, signal } = this.#settings;
    this.#opened = true;
    signal?.addEventListener('abort', this.#onAbort);
    if (signal?.aborted) this.#onAbort();
    else this.#openSource(source);
    this.#fill();
  }

  #openSource(source: IterableSource<Item>): void {
    this.#isAsync = Symbol.asyncIterator in source;
    try {
      this.#iterator = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fill(): void {
    while (!this.#exhausted && !this.#pulling && this.#queue.occupied < this.#settings.concurrency) {
      if (this.#isAsync) this.#pullAsync();
      else this.#pull();
    }
  }

  #pull(): void {
    try {
      this.#receive((this.#iterator as Iterator<Item>).next());
    } catch (error) {
      this.#failSource(error);
    }
  }

  async #pullAsync(): Promise<void> {
    this.#pulling = true;
    try {
      const step = await (this.#iterator as AsyncIterator<Item>).next();
      if (!this.#exhausted) this.#receive(step);
    } catch (error) {
      if (!this.#exhausted) this.#failSource(error);
    }
    this.#pulling = false;
    this.#fill();
    this.#deliver();
  }

  #receive(step: IteratorResult<Item>): void {
    if (step.done) this.#sourceEnded();
    else this.#start(step.value);
  }

  #sourceEnded(): void {
    this.#exhausted = true;
    this.#iterator = undefined;
  }

  #failSource(error: unknown): void {
    this.#sourceEnded();
    this.#fail(error);
  }

  #start(item: Item): void {
    const context = new LazyContext(this.#startedCount++);
    const slot = this.#place(context);
    try {
      const result = this.#settings.fn(item, context);
      if (isPromiseLike(result)) Promise.resolve(result).then(slot.onFulfilled, slot.onRejected);
      else this.#record(slot, false, result);
    } catch (error) {
      this.#record(slot, true, error);
    }
  }

  /** Fails as an item would that started now. */
  #fail(reason: unknown): void {
    this.#record(this.#place(new LazyContext(this.#startedCount)), true, reason);
  }

  #place(context: LazyContext): Slot {
    const slot = this.#queue.acquire(context);
    if (this.#settings.ordered) this.#queue.push(slot);
    return slot;
  }

  #record(slot: Slot, failed: boolean, outcome: unknown): void {
    const { context } = slot;
    if (context === undefined) return; // abandoned
    slot.context = undefined;
    slot.failed = failed;
    slot.outcome = outcome;
    if (!this.#settings.ordered) this.#queue.push(slot);
    if (failed) this.#stop(this.#settings.ordered ? context.index : -1, outcome);
  }

  /** Starts nothing more, and abandons what runs and comes after the given item. */
  #stop(lastIndex: number, reason: unknown): void {
    this.#exhausted = true;
    this.#closeSource().catch(ignore); // the reason matters more
    this.#queue.abandonAfter(lastIndex, reason);
  }

  readonly #onAbort = (): void => {
    const { reason } = this.#settings.signal as AbortSignal;
    this.#stop(-1, reason);
    this.#queue.clear();
    this.#fail(reason);
    this.#deliver();
  };

  async #closeSource(): Promise<void> {
    const iterator = this.#iterator;
    this.#iterator = undefined;
    await iterator?.return?.();
  }

  #isReady(): boolean {
    const { head, occupied } = this.#queue;
    return head === undefined ? this.#exhausted && occupied === 0 : head.context === undefined;
  }

  #take(): IteratorResult<Result, undefined> {
    const slot = this.#queue.head;
    if (slot === undefined || slot.failed) return this.#end(slot);
    const value = slot.outcome as Result;
    this.#queue.shift();
    this.#fill();
    return { value, done: false };
  }

  #end(slot: Slot | undefined): IteratorResult<Result, undefined> {
    this.#finish();
    if (slot !== undefined) throw slot.outcome;
    return { value: undefined, done: true };
  }

  #finish(): void {
    this.#opened = this.#exhausted = true;
    this.#settings.signal?.removeEventListener('abort', this.#onAbort);
    this.#queue.abandonAfter(-1, undefined);
    this.#queue.clear();
    for (const { resolve } of this.#waiters.splice(0)) resolve({ value: undefined, done: true });
  }

  #deliver(): void {
    while (this.#waiters.length > 0 && this.#isReady()) {
      const { resolve, reject } = this.#waiters.shift() as Waiter<Result>;
      try {
        resolve(this.#take());
      } catch (error) {
        reject(error);
      }
    }
  }
}

function ignore(): void {}
