/** Every this many-th place goes to whoever waits longest, whatever the priority: so nobody starves. */
export const longestWaitingTurn = 8;

/** What may wait in a queue. The fields are the queue's own while it does. */
export interface Waiter<T> {
  readonly priority: number;
  /** The tokens that it needs. */
  readonly tokens: number;
  order: number;
  next: T | undefined;
  previous: T | undefined;
  level: Level<T> | undefined;
}

/** Those of one priority, in the order in which they came. */
export interface Level<T> {
  readonly priority: number;
  head: T | undefined;
  tail: T | undefined;
  count: number;
  tokens: number;
}

/**
 * A queue with priorities, first in first out among equals; a higher priority goes first, except that of every eight
 * places one goes to whoever waits longest. Adding, taking and removing cost O(1) in the number of waiters, and
 * O(log n) to find one of n priorities in use.
 */
export class LaneQueue<T extends Waiter<T>> {
  length = 0;
  #tokens = 0;
  #nextOrder = 0;
  #turn = 0;
  /** The highest priority first; none is empty. */
  readonly #levels: Level<T>[] = [];

  push(waiter: T): void {
    waiter.order = this.#nextOrder++;
    const level = this.#levelOf(waiter.priority);
    waiter.level = level;
    waiter.previous = level.tail;
    if (level.tail) level.tail.next = waiter;
    else level.head = waiter;
    level.tail = waiter;
    this.#count(level, waiter, 1);
  }

  /** Whose turn it is. */
  peek(): T | undefined {
    if (this.#levels.length > 1 && this.#turn === longestWaitingTurn - 1) return this.#longestWaiting();
    return this.#levels[0]?.head;
  }

  shift(): T | undefined {
    const waiter = this.peek();
    if (waiter === undefined) return undefined;
    this.remove(waiter);
    this.#turn = (this.#turn + 1) % longestWaitingTurn;
    return waiter;
  }

  /** Puts back what was shifted last. */
  unshift(waiter: T): void {
    const level = this.#levelOf(waiter.priority);
    waiter.level = level;
    waiter.next = level.head;
    if (level.head) level.head.previous = waiter;
    else level.tail = waiter;
    level.head = waiter;
    this.#count(level, waiter, 1);
    this.#turn = (this.#turn + longestWaitingTurn - 1) % longestWaitingTurn;
  }

  remove(waiter: T): void {
    const level = waiter.level as Level<T>;
    if (waiter.previous) waiter.previous.next = waiter.next;
    else level.head = waiter.next;
    if (waiter.next) waiter.next.previous = waiter.previous;
    else level.tail = waiter.previous;
    waiter.next = waiter.previous = waiter.level = undefined;
    this.#count(level, waiter, -1);
    if (level.count === 0) this.#levels.splice(this.#indexOf(level.priority), 1);
  }

  /** How many go before one of this priority that comes now, and their tokens. */
  before(priority: number): { count: number; tokens: number } {
    if (this.#levels.length <= 1 && !((this.#levels[0]?.priority ?? priority) < priority)) {
      return { count: this.length, tokens: this.#tokens };
    }
    const ahead = this.#levels.filter((level) => level.priority >= priority);
    return {
      count: ahead.reduce((sum, level) => sum + level.count, 0),
      tokens: ahead.reduce((sum, level) => sum + level.tokens, 0),
    };
  }

  /** From the highest priority to the lowest. A waiter may be removed when it has been handed out. */
  *[Symbol.iterator](): IterableIterator<T> {
    for (const level of [...this.#levels]) {
      for (let waiter = level.head; waiter; ) {
        const { next } = waiter;
        yield waiter;
        waiter = next;
      }
    }
  }

  #count(level: Level<T>, { tokens }: T, by: 1 | -1): void {
    this.length += by;
    level.count += by;
    this.#tokens = this.length === 0 ? 0 : this.#tokens + by * tokens;
    level.tokens += by * tokens;
  }

  #longestWaiting(): T | undefined {
    let longest: T | undefined;
    for (const { head } of this.#levels) if (head && (!longest || head.order < longest.order)) longest = head;
    return longest;
  }

  #levelOf(priority: number): Level<T> {
    const index = this.#indexOf(priority);
    const found = this.#levels[index];
    if (found?.priority === priority) return found;
    const level = { priority, head: undefined, tail: undefined, count: 0, tokens: 0 };
    this.#levels.splice(index, 0, level);
    return level;
  }

  /** Where the level is, or would have to be. */
  #indexOf(priority: number): number {
    let low = 0;
    let high = this.#levels.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#levels[middle] as Level<T>).priority > priority) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
