/** Rates are per minute. */
export const windowMs = 60_000;

/** From this many entries on they are merged, so that a window holds at most twice as many. */
const exactEntries = 512;
const coarseMs = windowMs / exactEntries;

interface Entry {
  /** When the first of its costs came: they are merged for `coarseMs` from then. */
  openedAtMs: number;
  /** When the last of them came: all leave the window together, none too early. */
  timeMs: number;
  cost: number;
}

/**
 * What was spent in the last 60 seconds: a sliding log, so that no span of 60 seconds, wherever it begins, holds more
 * than the limit. A token bucket, GCRA included, would let through its burst and a whole minute's refill on top.
 *
 * What does not fit is a debt: a cost greater than the whole limit, or real use above the estimate. It takes up the
 * room that becomes free, before anybody else, until it is paid.
 */
export class RateWindow {
  /** May be changed: what was spent stays spent. */
  limit: number;
  #entries: Entry[] = [];
  /** Index of the oldest entry: shifting an array moves all of it. */
  #first = 0;
  #spent = 0;
  #debt = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Nothing is left of the past. */
  isEmpty(nowMs: number): boolean {
    this.#expire(nowMs);
    return this.#spent === 0 && this.#debt === 0;
  }

  /**
   * Milliseconds until this cost fits behind others that come before it; 0 when it fits now. A cost greater than the
   * limit fits into an empty window.
   */
  waitMs(cost: number, nowMs: number, before = 0): number {
    this.#expire(nowMs);
    const room = this.limit - this.#spent;
    const shortage = Math.min(cost, this.limit) + before + this.#debt - room;
    return isNegligible(shortage, this.limit) ? 0 : this.#timeToFree(shortage, nowMs);
  }

  /** Spends now, whether it fits or not. */
  spend(cost: number, nowMs: number): void {
    this.#expire(nowMs);
    const fitting = Math.max(0, Math.min(cost, this.limit - this.#spent));
    this.#debt += cost - fitting;
    this.#add(fitting, nowMs);
  }

  /** Takes back what was spent at a time, as far as it has not left the window yet. */
  refund(cost: number, spentAtMs: number, nowMs: number): void {
    this.#expire(nowMs);
    const paid = Math.min(cost, this.#debt);
    this.#debt -= paid;
    const entry = this.#entryAt(spentAtMs);
    if (entry === undefined) return;
    const refunded = Math.min(cost - paid, entry.cost);
    entry.cost -= refunded;
    this.#spent -= refunded;
    this.#payDebt(nowMs);
  }

  /**
   * What leaves the window is used up by those who wait, and leaves it again a window later: the room that becomes
   * free repeats itself every 60 seconds, and amounts to the limit each time.
   */
  #timeToFree(shortage: number, nowMs: number): number {
    const rounds = Math.max(0, Math.ceil(shortage / this.limit - 1e-9) - 1);
    let left = shortage - rounds * this.limit;
    for (let index = this.#first; index < this.#entries.length; index++) {
      const entry = this.#entries[index] as Entry;
      left -= entry.cost;
      if (isNegligible(left, this.limit)) return entry.timeMs + windowMs - nowMs + rounds * windowMs;
    }
    return windowMs + rounds * windowMs; // the rest is the room of now, which those before use up at once
  }

  #expire(nowMs: number): void {
    for (let entry = this.#entries[this.#first]; entry; entry = this.#entries[this.#first]) {
      const expiresAtMs = entry.timeMs + windowMs;
      if (expiresAtMs > nowMs) break;
      this.#first++;
      this.#spent -= entry.cost;
      this.#payDebt(expiresAtMs);
    }
    this.#compact();
  }

  #payDebt(timeMs: number): void {
    if (this.#debt === 0) return;
    const paid = Math.max(0, Math.min(this.#debt, this.limit - this.#spent));
    this.#debt -= paid;
    this.#add(paid, timeMs);
  }

  #add(cost: number, timeMs: number): void {
    if (cost <= 0) return;
    this.#spent += cost;
    const last = this.#entries.length > this.#first ? this.#entries.at(-1) : undefined;
    if (last && this.#mergesWith(last, timeMs)) {
      last.cost += cost;
      last.timeMs = timeMs;
    } else {
      this.#entries.push({ openedAtMs: timeMs, timeMs, cost });
    }
  }

  #mergesWith(last: Entry, timeMs: number): boolean {
    const isCrowded = this.#entries.length - this.#first >= exactEntries;
    return timeMs - last.openedAtMs < (isCrowded ? coarseMs : Number.MIN_VALUE);
  }

  #compact(): void {
    if (this.#first === this.#entries.length) {
      this.#entries = [];
      this.#first = 0;
      this.#spent = 0; // sums of fractions drift
    } else if (this.#first > exactEntries) {
      this.#entries.splice(0, this.#first);
      this.#first = 0;
    }
  }

  /** The entry that took up what was spent then: the first that is not older. */
  #entryAt(timeMs: number): Entry | undefined {
    let low = this.#first;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#entries[middle] as Entry).timeMs < timeMs) low = middle + 1;
      else high = middle;
    }
    const entry = this.#entries[low];
    return entry && entry.openedAtMs <= timeMs ? entry : undefined;
  }
}

/** Costs may be fractions of a limit: their sums are not exact. */
function isNegligible(amount: number, limit: number): boolean {
  return amount <= limit * 1e-9;
}
