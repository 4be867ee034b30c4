/**
 * The generic cell rate algorithm (ITU-T I.371) in its virtual-scheduling form: `burst` at once, then one every
 * `intervalMs`. The whole state is the time at which the next one would be due at an even pace.
 */
export class Gcra {
  readonly #intervalMs: number;
  readonly #toleranceMs: number;
  #dueMs = Number.NEGATIVE_INFINITY;

  constructor(intervalMs: number, burst: number) {
    this.#intervalMs = intervalMs;
    this.#toleranceMs = intervalMs * (burst - 1);
  }

  /** Milliseconds until one may pass behind others that come before it; 0 when it may now. */
  waitMs(nowMs: number, before = 0): number {
    const dueMs = Math.max(this.#dueMs, nowMs) + before * this.#intervalMs;
    return Math.max(0, dueMs - this.#toleranceMs - nowMs);
  }

  pass(nowMs: number): void {
    this.#dueMs = Math.max(this.#dueMs, nowMs) + this.#intervalMs;
  }

  /** Takes back one that passed and was not used. */
  unpass(): void {
    this.#dueMs -= this.#intervalMs;
  }

  isIdle(nowMs: number): boolean {
    return this.#dueMs <= nowMs;
  }
}
