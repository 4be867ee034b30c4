import type { Clock } from '../../contract/provider.ts';

interface FakeTimer {
  dueMs: number;
  callback: () => void;
}

/** For tests: time passes only by `advance`, and the timers that fall due fire in order, each at its own time. */
export class FakeClock implements Clock {
  #nowMs = 0;
  #timers: FakeTimer[] = [];

  readonly now = (): number => this.#nowMs;

  schedule(callback: () => void, delayMs: number): () => void {
    const timer = { dueMs: this.#nowMs + Math.max(0, delayMs), callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** The timers set: none may be left when a call is over. */
  get pending(): number {
    return this.#timers.length;
  }

  /** Lets `ms` milliseconds pass. Whatever the timers set off has run up to its next wait when this resolves. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    await settled();
    for (let next = this.#next(untilMs); next; next = this.#next(untilMs)) {
      this.#nowMs = next.dueMs;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      next.callback();
      await settled();
    }
    this.#nowMs = untilMs;
  }

  /** Lets time pass without waiting for anything: for parts that set no timers. */
  skip(ms: number): void {
    this.#nowMs += ms;
  }

  #next(untilMs: number): FakeTimer | undefined {
    const due = this.#timers.filter(({ dueMs }) => dueMs <= untilMs);
    return due.sort((a, b) => a.dueMs - b.dueMs)[0];
  }
}

/** Every reaction to a settled promise has run. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
