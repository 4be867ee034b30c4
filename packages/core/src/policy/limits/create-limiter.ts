import { systemClock } from '../../clock.ts';
import { checkFunction } from '../../concurrency/check-function.ts';
import { isPromiseLike } from '../../concurrency/is-promise-like.ts';
import type { Clock } from '../../contract/provider.ts';
import { abortSignal, type Checks, checkFields } from '../../errors/check-fields.ts';
import { Lane } from './lane.ts';
import { type LimitSettings, parseLimits } from './limit-settings.ts';
import type { AcquireOptions, Lease, Limiter, LimitFeedback, RunContext, Settlement } from './limiter.ts';
import { Ticket } from './ticket.ts';
import { toFeedback } from './to-feedback.ts';

export interface LimiterOptions {
  /** What errors call it, and its key in a shared store: the same name shares the limits. Default `"limiter"`. */
  name?: string;
  /** What errors name as their provider. */
  provider?: string;
  clock?: Clock;
}

/**
 * Bounds how many calls run and at what rate: any asynchronous function, not only completions.
 *
 * ```ts
 * const limiter = createLimiter({ concurrency: 10, requestsPerMinute: 600 });
 * const pages = await Promise.all(urls.map((url) => limiter.run(({ signal }) => fetch(url, { signal }))));
 * ```
 *
 * @throws InvalidRequestError with the path of a wrong setting, as `limits.concurrency`
 */
export function createLimiter(settings: LimitSettings, options: LimiterOptions = {}): Limiter {
  const { name = 'limiter', provider, clock = systemClock } = options;
  return new TaskLane({ name, provider, clock, storeKey: name, limits: parseLimits(settings) });
}

const noOptions: AcquireOptions = {};

/** A lane for tasks of any kind. */
class TaskLane extends Lane implements Limiter {
  run<T>(task: Task<T>, options: AcquireOptions = noOptions): Promise<T> {
    return new Promise((resolve, reject) => {
      checkFunction(task, 'task');
      checkAcquire(options);
      this.enter(new TaskTicket(this, options, task, resolve, reject));
    });
  }

  override async acquire(options: AcquireOptions = noOptions): Promise<Lease> {
    checkAcquire(options);
    return super.acquire(options);
  }
}

type Task<T> = (context: RunContext) => T | PromiseLike<T>;

/** Of a call that the lane makes itself when its turn comes. */
class TaskTicket<T> extends Ticket implements RunContext {
  readonly #callerSignal: AbortSignal | undefined;
  readonly #task: Task<T>;
  readonly #resolve: (value: T) => void;
  readonly #reject: (reason: unknown) => void;
  #used: Settlement | undefined = undefined;
  #signal: AbortSignal | undefined = undefined;

  constructor(
    lane: Lane,
    options: AcquireOptions,
    task: Task<T>,
    resolve: (value: T) => void,
    reject: (reason: unknown) => void,
  ) {
    super(lane, options, undefined, reject);
    this.#callerSignal = options.signal;
    this.#task = task;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  get signal(): AbortSignal {
    this.#signal ??= this.#callerSignal ?? new AbortController().signal;
    return this.#signal;
  }

  settle(settlement: Settlement): void {
    this.#used = settlement;
  }

  /** The closures are made here rather than with the ticket: they need not outlive a long wait. */
  override begin(): void {
    super.begin();
    try {
      const value = this.#task(this);
      if (isPromiseLike(value))
        value.then(
          (result) => this.#succeed(result),
          (error) => this.#fail(error),
        );
      else this.#succeed(value);
    } catch (error) {
      this.#fail(error);
    }
  }

  #succeed(value: T): void {
    if (!this.answered) this.feedback(wentWell);
    this.release(this.#used);
    this.#resolve(value);
  }

  #fail(error: unknown): void {
    const feedback = this.isAborted ? undefined : toFeedback(error); // the caller's reason says nothing of the server
    if (feedback) this.feedback(feedback);
    this.release(this.#used);
    this.#reject(error);
  }
}

const wentWell: LimitFeedback = { outcome: 'ok' };

/** @throws InvalidRequestError with the path of the wrong option */
function checkAcquire(options: AcquireOptions): void {
  if (options !== noOptions) checkFields(options, checks);
}

const checks: Checks<AcquireOptions> = {
  signal: abortSignal,
  priority: { test: Number.isFinite, expected: 'a finite number' },
  tokens: { test: (value) => Number.isFinite(value) && Number(value) >= 0, expected: 'a number of at least 0' },
  maxWaitMs: {
    test: (value) => typeof value === 'number' && value >= 0,
    expected: 'milliseconds of at least 0, or Infinity',
  },
};
