import { invalidField } from '../../errors/invalid-field.ts';

export interface AdaptiveSettings {
  /** The number is never cut below this. Default 1. */
  minimum?: number;
  /** Where it begins. Default: `concurrency`. */
  initial?: number;
  /** What a cut leaves of it, greater than 0 and less than 1. Default 0.7. */
  decrease?: number;
}

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

/** @throws InvalidRequestError with the path of the wrong setting */
export function parseAdaptive(
  value: boolean | AdaptiveSettings | undefined,
  concurrency: number,
  path: string,
): Required<AdaptiveSettings> | undefined {
  if (value === undefined || value === false) return undefined;
  if (concurrency === Infinity) {
    throw invalidField(path, 'needs a finite `concurrency`, which is its upper bound');
  }
  const { minimum = 1, initial = concurrency, decrease = 0.7 } = value === true ? {} : value;
  check(
    `${path}.minimum`,
    Number.isInteger(minimum) && minimum >= 1 && minimum <= concurrency,
    'from 1 to concurrency',
  );
  check(
    `${path}.initial`,
    Number.isInteger(initial) && initial >= minimum && initial <= concurrency,
    'from minimum to concurrency',
  );
  check(`${path}.decrease`, decrease > 0 && decrease < 1, 'between 0 and 1');
  return { minimum, initial, decrease };
}

function check(path: string, good: boolean, expected: string): void {
  if (!good) throw invalidField(path, `must be ${expected}`);
}
