import { systemClock } from '../../clock.ts';
import { checkFunction } from '../../concurrency/check-function.ts';
import { startDeadline } from '../../concurrency/start-deadline.ts';
import type { Clock } from '../../contract/provider.ts';
import { abortSignal, anything, type Checks, callback, checkFields } from '../../errors/check-fields.ts';
import { invalidValue } from '../../errors/invalid-field.ts';

/** Starts the work; called once for each copy. */
export type HedgeTask<T> = (context: {
  /** Aborts when the other copy has won, and with the caller's signal. */
  signal: AbortSignal;
  /** `2` for the one that starts late. */
  copy: 1 | 2;
}) => T | PromiseLike<T>;

/** What bounds the two copies. */
export interface HedgeRunOptions<T> {
  /** Aborts both copies; it rejects with `signal.reason` at once. If it is aborted already, nothing starts. */
  signal?: AbortSignal | undefined;
  /** Asked when a second copy is due, and the last word on it: `false` while a limit is near, for example. */
  mayHedge?: (() => boolean) | undefined;
  /** Gets a value that came too late to be used, to close what it holds open. Must not throw: nobody could be told. */
  discard?: ((value: T) => void) | undefined;
  clock?: Clock;
}

const checks: Checks<HedgeRunOptions<unknown>> = {
  signal: abortSignal,
  mayHedge: callback,
  discard: callback,
  clock: anything,
};

/**
 * Runs the task, and a second copy of it when the first has not settled after `afterMs` milliseconds (`Infinity`:
 * never). The first success wins; the other copy's signal is aborted at once, and it is not waited for. A first copy
 * that fails before the second starts is a failure: this is for slowness, not for errors. When both fail, the error
 * of the first is thrown, as it would have been without the hedge.
 *
 * ```ts
 * const page = await hedge(({ signal, copy }) => fetch(mirrors[copy - 1], { signal }), 300);
 * ```
 * Source: Dean and Barroso, "The Tail at Scale" (2013).
 */
export async function hedge<T>(task: HedgeTask<T>, afterMs: number, options: HedgeRunOptions<T> = {}): Promise<T> {
  checkFunction(task, 'task');
  checkDelay(afterMs, 'afterMs');
  checkFields(options, checks);
  options.signal?.throwIfAborted();
  return new Promise<T>((resolve, reject) => {
    new HedgedRun(task, options, { resolve, reject }).start(afterMs);
  });
}

/** @throws InvalidRequestError unless it is milliseconds of at least 0 */
export function checkDelay(delayMs: unknown, path: string): void {
  if (typeof delayMs === 'number' && delayMs >= 0) return;
  throw invalidValue(path, 'milliseconds of at least 0', delayMs);
}

interface Outcome<T> {
  resolve(value: T): void;
  reject(reason: unknown): void;
}

class HedgedRun<T> {
  readonly #task: HedgeTask<T>;
  readonly #options: HedgeRunOptions<T>;
  readonly #outcome: Outcome<T>;
  readonly #controllers: AbortController[] = [];
  readonly #failures: { copy: 1 | 2; error: unknown }[] = [];
  #over = false;
  #cancelTimer = () => {};

  constructor(task: HedgeTask<T>, options: HedgeRunOptions<T>, outcome: Outcome<T>) {
    this.#task = task;
    this.#options = options;
    this.#outcome = outcome;
  }

  start(afterMs: number): void {
    const { signal, clock = systemClock } = this.#options;
    signal?.addEventListener('abort', this.#onAbort);
    this.#startCopy(1);
    if (!this.#over) this.#cancelTimer = startDeadline(afterMs, this.#onLate, clock); // over: a synchronous throw
  }

  async #startCopy(copy: 1 | 2): Promise<void> {
    const controller = new AbortController();
    this.#controllers.push(controller);
    let value: T;
    try {
      value = await this.#task({ signal: controller.signal, copy });
    } catch (error) {
      this.#onFailure(copy, error);
      return;
    }
    if (this.#over) this.#options.discard?.(value);
    else this.#succeed(controller, value);
  }

  #succeed(winner: AbortController, value: T): void {
    this.#end(winner);
    this.#outcome.resolve(value);
  }

  #onFailure(copy: 1 | 2, error: unknown): void {
    this.#failures.push({ copy, error });
    if (this.#over || this.#failures.length < this.#controllers.length) return;
    this.#end();
    this.#outcome.reject(this.#failures.find((failure) => failure.copy === 1)?.error);
  }

  readonly #onLate = (): void => {
    try {
      if (this.#options.mayHedge?.() ?? true) this.#startCopy(2);
    } catch (error) {
      this.#end();
      this.#outcome.reject(error);
    }
  };

  readonly #onAbort = (): void => {
    const reason = this.#options.signal?.reason;
    this.#end(undefined, reason);
    this.#outcome.reject(reason);
  };

  /** Aborts every copy but the winner, and leaves nothing behind. */
  #end(winner?: AbortController, reason?: unknown): void {
    this.#over = true;
    this.#cancelTimer();
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    for (const controller of this.#controllers) if (controller !== winner) controller.abort(reason);
  }
}
