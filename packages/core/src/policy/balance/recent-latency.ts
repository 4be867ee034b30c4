import type { Clock } from '../../contract/provider.ts';

/** How much of the estimate a new latency makes up at least; more, the older the estimate is. */
const newShare = 0.3;

/**
 * A mean of the latest latencies that fades while there are no new ones, by a factor of e per `fadeMs`. So a deployment
 * that was slow once and is not asked any more looks better and better until it is tried again.
 */
export class RecentLatency {
  readonly #clock: Clock;
  readonly #fadeMs: number;
  #meanMs: number | undefined;
  #updatedAt = 0;

  constructor(clock: Clock, fadeMs: number) {
    this.#clock = clock;
    this.#fadeMs = fadeMs;
  }

  /** What is not a duration is ignored: it would stay in the mean for good. */
  add(latencyMs: number): void {
    if (!(latencyMs >= 0 && latencyMs < Infinity)) return;
    const oldShare = (1 - newShare) * this.#faded();
    this.#meanMs = this.#meanMs === undefined ? latencyMs : oldShare * this.#meanMs + (1 - oldShare) * latencyMs;
    this.#updatedAt = this.#clock.now();
  }

  /** Milliseconds; `undefined` before the first latency. */
  get estimateMs(): number | undefined {
    return this.#meanMs === undefined ? undefined : this.#meanMs * this.#faded();
  }

  #faded(): number {
    return Math.exp((this.#updatedAt - this.#clock.now()) / this.#fadeMs);
  }
}
