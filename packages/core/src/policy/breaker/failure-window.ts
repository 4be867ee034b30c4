import type { Clock } from '../../contract/provider.ts';

const bucketCount = 10;

/**
 * How many of the calls of the last `windowMs` milliseconds failed, in constant memory: a ring of ten buckets, so that
 * a call is forgotten between nine tenths of the window and the whole of it after it was recorded.
 */
export class FailureWindow {
  readonly #clock: Clock;
  readonly #bucketMs: number;
  readonly #calls = new Array<number>(bucketCount).fill(0);
  readonly #failures = new Array<number>(bucketCount).fill(0);
  /** Counted on and on; its place in the ring is the remainder. */
  #bucket: number;
  #sum = { calls: 0, failures: 0 };

  constructor(windowMs: number, clock: Clock) {
    this.#clock = clock;
    this.#bucketMs = windowMs / bucketCount;
    this.#bucket = this.#currentBucket();
  }

  record(failed: boolean): void {
    this.#slide();
    const place = this.#bucket % bucketCount;
    this.#add(place, 1, failed ? 1 : 0);
  }

  totals(): Readonly<{ calls: number; failures: number }> {
    this.#slide();
    return this.#sum;
  }

  clear(): void {
    this.#calls.fill(0);
    this.#failures.fill(0);
    this.#sum = { calls: 0, failures: 0 };
  }

  #slide(): void {
    const current = this.#currentBucket();
    const last = Math.min(current, this.#bucket + bucketCount); // after a whole turn nothing is left to clear
    for (let bucket = this.#bucket + 1; bucket <= last; bucket++) {
      const place = bucket % bucketCount;
      this.#add(place, -(this.#calls[place] as number), -(this.#failures[place] as number));
    }
    this.#bucket = current;
  }

  #add(place: number, calls: number, failures: number): void {
    this.#calls[place] = (this.#calls[place] as number) + calls;
    this.#failures[place] = (this.#failures[place] as number) + failures;
    this.#sum = { calls: this.#sum.calls + calls, failures: this.#sum.failures + failures };
  }

  #currentBucket(): number {
    return Math.floor(this.#clock.now() / this.#bucketMs);
  }
}
