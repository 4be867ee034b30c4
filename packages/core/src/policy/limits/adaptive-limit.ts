import type { AdaptiveSettings } from './adaptive-settings.ts';

/**
 * How many calls the server takes at once, by additive increase and multiplicative decrease (Chiu and Jain, 1989):
 * one more after as many good answers as there are places, and a cut when it says that it is too many. Latency says
 * nothing here: a long answer is slow without any overload.
 */
export class AdaptiveLimit {
  readonly #settings: Required<AdaptiveSettings>;
  readonly #maximum: number;
  #exact: number;
  #cutAtMs = Number.NEGATIVE_INFINITY;

  constructor(settings: Required<AdaptiveSettings>, maximum: number) {
    this.#settings = settings;
    this.#maximum = maximum;
    this.#exact = settings.initial;
  }

  get current(): number {
    return Math.floor(this.#exact);
  }

  /** @param running how many ran: an answer says nothing of places that were not in use */
  succeed(running: number): void {
    if (running >= this.current) this.#exact = Math.min(this.#maximum, this.#exact + 1 / this.#exact);
  }

  /**
   * Calls that were started before the last cut are its cause or its echo: they do not cut again. Otherwise one spike,
   * which fails everything in flight, would bring the number down to the minimum.
   */
  fail(startedAtMs: number, nowMs: number): void {
    if (startedAtMs <= this.#cutAtMs) return;
    this.#cutAtMs = nowMs;
    this.#exact = Math.max(this.#settings.minimum, this.#exact * this.#settings.decrease);
  }
}
