import type { Clock } from '../../contract/provider.ts';

interface Timer {
  dueMs: number;
  callback: () => void;
}

/** A clock that a test moves. Timers fire in the order of their times, and never before them. */
export class FakeClock implements Clock {
  #nowMs = 0;
  readonly #timers = new Set<Timer>();

  readonly now = (): number => this.#nowMs;

  schedule(callback: () => void, delayMs: number): () => void {
    const timer = { dueMs: this.#nowMs + Math.max(0, delayMs), callback };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** None may be left when a call is over. */
  get timerCount(): number {
    return this.#timers.size;
  }

  /** Lets this much time pass without waiting for anything: for parts that set no timers. */
  skip(ms: number): void {
    this.#nowMs += ms;
  }

  /** Lets this much time pass. Promises settle before the first timer and after each. */
  async advance(ms: number): Promise<void> {
    const end = this.#nowMs + ms;
    await settle();
    for (let timer = this.#next(end); timer; timer = this.#next(end)) {
      this.#fire(timer);
      await settle();
    }
    this.#nowMs = end;
  }

  /** Lets time pass until no timer is left. */
  async run(): Promise<void> {
    await settle();
    for (let timer = this.#next(Infinity); timer; timer = this.#next(Infinity)) {
      this.#fire(timer);
      await settle();
    }
  }

  #fire(timer: Timer): void {
    this.#timers.delete(timer);
    this.#nowMs = Math.max(this.#nowMs, timer.dueMs);
    timer.callback();
  }

  #next(until: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) if (timer.dueMs <= until && !(first && first.dueMs <= timer.dueMs)) first = timer;
    return first;
  }
}

/** Until every promise chain that is ready has run. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
