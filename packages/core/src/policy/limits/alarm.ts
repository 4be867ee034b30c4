import type { Clock } from '../../contract/provider.ts';

/** The longest delay of `setTimeout`, about 24.8 days. With a longer one it would fire at once. */
const longestDelayMs = 2 ** 31 - 1;

/**
 * One timer for everything that a lane waits for. It is set anew only for an earlier time, so that it may ring when
 * nothing is due; whoever hears it sets it again.
 */
export class Alarm {
  readonly #clock: Clock;
  readonly #onRing: () => void;
  #dueMs = Infinity;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, onRing: () => void) {
    this.#clock = clock;
    this.#onRing = onRing;
  }

  /** Rings then at the latest, a whole millisecond late where a timer cannot be exact. */
  set(atMs: number, nowMs: number): void {
    if (atMs >= this.#dueMs) return;
    this.#cancel?.();
    this.#dueMs = atMs;
    const delayMs = Math.min(longestDelayMs, Math.max(1, Math.ceil(atMs - nowMs)));
    this.#cancel = this.#clock.schedule(() => this.#ring(), delayMs);
  }

  clear(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#dueMs = Infinity;
  }

  #ring(): void {
    this.clear();
    this.#onRing();
  }
}
