/** The limits that a store enforces. Those that are absent do not limit. */
export interface StoreLimits {
  concurrency?: number | undefined;
  /** In any 60 seconds, for all processes together. */
  requestsPerMinute?: number | undefined;
  tokensPerMinute?: number | undefined;
  /** How many requests may start at the same moment; the others follow evenly spread. */
  burst?: number | undefined;
}

/** A call that wants to start. The id is unique across processes. */
export interface StoredStart {
  readonly id: string;
  readonly tokens: number;
}

/** A call that has ended. */
export interface StoredEnd {
  readonly id: string;
  /** What it has really used; absent: its estimate. */
  readonly tokens?: number | undefined;
  /** It was granted and has never started: nothing of it counts. */
  readonly unused?: boolean | undefined;
}

/** What a store says to those who want to start. */
export interface TakeResult {
  /** How many may start: the first so many. */
  granted: number;
  /**
   * Milliseconds after which the next of them should ask again; 0 when all were granted. Not a reservation: what is
   * granted is only what starts, so that a process that dies while it waits leaves nothing behind.
   */
  waitMs: number;
  /** Which limit the next one waits for. */
  limit?: keyof StoreLimits | 'hold' | undefined;
}

/**
 * Where the state of limits lives, so that several processes can share them. Four calls, each of which has to be
 * atomic for its key (one script in Redis, one transaction in SQL). A method may answer at once or with a promise.
 *
 * Time is the store's own: the clocks of processes differ. A limiter asks for several starts in one call and waits for
 * the answer before it asks again, so that a slow store delays starts and does not reduce their number much.
 */
export interface LimitStore {
  /**
   * Lets the longest run of starts, from the first on, begin that the limits allow, and records each as a lease that
   * frees itself after `leaseMs`, in case its process dies. A start of more tokens than a whole minute's has to be
   * granted when nothing else was in the last minute, or it would wait for ever.
   */
  take(
    key: string,
    starts: readonly StoredStart[],
    limits: StoreLimits,
    leaseMs: number,
  ): TakeResult | PromiseLike<TakeResult>;
  /** Ends leases and replaces the estimated tokens by the real ones. Ids that are not known are ignored. */
  finish(key: string, ends: readonly StoredEnd[]): void | PromiseLike<void>;
  /** Calls that still run: their leases begin anew. */
  renew(key: string, ids: readonly string[], leaseMs: number): void | PromiseLike<void>;
  /** The server wants no call for so long: nothing is granted until then. A longer hold stays. */
  hold(key: string, holdMs: number): void | PromiseLike<void>;
}
