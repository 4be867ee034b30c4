import type { RateLimitSnapshot } from '../../contract/call-meta.ts';

/**
 * Bounds how many calls run and at what rate. A call waits its turn, first come, first served among equal priorities;
 * of every eight places one goes to whoever waits longest, so that a low priority waits longer but not for ever.
 *
 * Refused at once, with a `RateLimitError` that is not retryable and has no `status`: a call that would be one too
 * many in the queue, and one whose estimated wait is longer than its `maxWaitMs`. `retryAfterMs` is that estimate.
 */
export interface Limiter {
  /**
   * Runs the task when its turn comes, at once and synchronously where nothing is in the way. (The first call of a
   * program that has a rate to look at, or has to wait, also waits for the code that does it to be loaded.) It holds its
   * place until it has settled, also when the signal aborts meanwhile: the number that runs is never more than the limit.
   * What it throws counts as the server's feedback where it is one of our errors, see `toFeedback`.
   * @throws the task's error; while waiting `signal.reason`, or `RateLimitError` as above
   */
  run<T>(task: (context: RunContext) => T | PromiseLike<T>, options?: AcquireOptions): Promise<T>;
  /**
   * Waits for a place that the caller gives back.
   * @throws `signal.reason`, or `RateLimitError` as above
   */
  acquire(options?: AcquireOptions): Promise<Lease>;
  /** What the server said that concerns everybody in the lane. Of a call that has a lease, tell it to the lease. */
  feedback(feedback: LimitFeedback): void;
  readonly stats: LimiterStats;
  /** Whether `tokens` make a difference: an estimate that nobody looks at need not be made. */
  readonly countsTokens: boolean;
}

/** How a call waits for its place. */
export interface AcquireOptions {
  /** Ends the wait: it rejects with `signal.reason`. */
  signal?: AbortSignal | undefined;
  /** Higher goes first. Default 0. */
  priority?: number | undefined;
  /** What the call will need, by estimate. Default 0. Does nothing without `tokensPerMinute`. */
  tokens?: number | undefined;
  /** The longest wait in milliseconds, mostly what is left until a deadline. Default `Infinity`. */
  maxWaitMs?: number | undefined;
}

/** A call's place. */
export interface Lease {
  /** Milliseconds. */
  readonly waitedMs: number;
  /** What the server said in answer to this call; may be told in parts. */
  feedback(feedback: LimitFeedback): void;
  /** Gives the place back and replaces the estimated tokens by the real ones. Does nothing after the first time. */
  release(settlement?: Settlement): void;
}

/** What a call has cost in the end. */
export interface Settlement {
  /** What the call has used. Default: the estimate. */
  tokens?: number | undefined;
}

/** What a task is given. */
export interface RunContext {
  /** The caller's; one that never aborts where there is none. */
  readonly signal: AbortSignal;
  readonly waitedMs: number;
  feedback(feedback: LimitFeedback): void;
  /** Says what the task has used; counts when it ends. */
  settle(settlement: Settlement): void;
}

/** What a server said about its limits. */
export interface LimitFeedback {
  /** The server's demand, in milliseconds from now. */
  retryAfterMs?: number | undefined;
  rateLimit?: RateLimitSnapshot | undefined;
  /** `rate_limited` is a 429, `overloaded` a 503 or 529. */
  outcome?: 'ok' | 'rate_limited' | 'overloaded' | 'timeout' | undefined;
}

/** How a limiter is doing at this moment. */
export interface LimiterStats {
  running: number;
  queued: number;
  /** How many may run at present. */
  limit: number;
  /** Milliseconds for which the server wants no call. */
  closedMs: number;
  /** Calls to the store that failed or took too long. */
  storeErrors: number;
}
