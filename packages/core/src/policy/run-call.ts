import { AnyLLMError } from '../errors/any-llm-error.ts';
import { RateLimitError } from '../errors/errors.ts';
import { loadAfterFailure } from '../late-parts.ts';
import { Attempt, type AttemptOutcome, fasterCopy, leftByCaller, type Target } from './attempt.ts';
import type { Permit } from './breaker/circuit-breaker.ts';
import type { Call } from './call.ts';
import type { ClientPolicy } from './client-policy.ts';
import type { Bill, Reservation } from './cost/spending.ts';
import type { Fallback } from './fallback.ts';
import { type EstimatedUsage, sumOf } from './limits/estimate-usage.ts';
import type { Lane } from './limits/lane.ts';
import type { Lease } from './limits/limiter.ts';
import { toFeedback } from './limits/to-feedback.ts';
import type { Recovery } from './recovery.ts';
import type { RetryPolicy } from './retry/retry-policy.ts';

/** How one call is run: what the client shares among its calls, and what this one asks for. */
export interface CallPlan<T, To extends Target = Target> {
  first: To;
  /** Whom to ask instead, in order of preference. Worked out when their turn comes. */
  others: readonly (() => To | Promise<To>)[];
  /** Asks once; settles when the answer, or a stream's first content, is there. */
  open: (call: Call, attempt: Attempt, target: To) => Promise<T>;
  /** What the call may use, for limits and budgets on tokens. */
  estimateUsage: (target: To) => EstimatedUsage;
  /** Closes what a hedge opened too late. */
  discard: (late: T) => void;
  retries: RetryPolicy;
  fallback: Fallback;
  hedged: boolean;
  /** Higher goes first in a queue. */
  priority: number;
}

/**
 * Runs a call under the client's policy: attempt after attempt, of which `Recovery` says what follows a failure. Each has,
 * outermost first, its hedge, its circuit and its slot. The total deadline and the caller's signal are the call's, and
 * bound every wait.
 */
export function runCall<T, To extends Target>(call: Call, policy: ClientPolicy, plan: CallPlan<T, To>): Promise<T> {
  return new CallRun(call, policy, plan).run();
}

class CallRun<T, To extends Target> {
  readonly #call: Call;
  readonly #policy: ClientPolicy;
  readonly #plan: CallPlan<T, To>;
  #target: To;
  #recovery: Recovery<To> | undefined;

  constructor(call: Call, policy: ClientPolicy, plan: CallPlan<T, To>) {
    this.#call = call;
    this.#policy = policy;
    this.#plan = plan;
    this.#target = plan.first;
  }

  async run(): Promise<T> {
    this.#target.balanced?.begin();
    for (;;) {
      try {
        return await this.#hedge(this.#target);
      } catch (error) {
        if (this.#call.aborted || !this.#target.adapt?.(error)) this.#target = await this.#recover(error);
      }
    }
  }

  /** @throws the error when no further attempt follows it */
  async #recover(error: unknown): Promise<To> {
    if (this.#call.aborted) {
      this.#target.balanced?.fail(leftByCaller);
      throw error;
    }
    const { Recovery } = await loadAfterFailure(error);
    this.#recovery ??= new Recovery(this.#call, this.#plan, this.#policy.random);
    return this.#recovery.next(error, this.#target);
  }

  /** One attempt as the retry sees it; a hedge makes two of it. */
  #hedge(target: To): Promise<T> {
    const hedger = this.#plan.hedged ? this.#policy.hedgerFor(target) : undefined;
    if (!hedger) return this.#attempt(target);
    const lane = this.#policy.laneFor(target);
    return hedger.run(({ signal }) => this.#attempt(target, signal), {
      signal: this.#call.signal,
      mayHedge: () => hasRoom(lane),
      discard: this.#plan.discard,
    });
  }

  async #attempt(target: To, hedgeSignal?: AbortSignal): Promise<T> {
    const permit = this.#policy.enterCircuit(target);
    const reserved = this.#call.bill && this.#reserve(this.#call.bill, target, permit);
    const lane = this.#policy.laneFor(target);
    const tokens = lane.countsTokens ? sumOf(this.#plan.estimateUsage(target)) : undefined;
    const waiting = { target, tokens, permit, reserved, hedgeSignal };
    const lease = lane.tryAcquire(tokens) ?? (await this.#waitForSlot(lane, waiting));
    let isOpen = false;
    const attempt = new Attempt(this.#call, target, (outcome) => {
      reserved?.settle(outcome);
      settle(outcome, lease, permit);
      // Of an attempt that fails before, the retry knows whether it was the last.
      if (isOpen || outcome.error === undefined) settleBalance(outcome, target);
    });
    const leave = hedgeSignal && this.#leaveWith(attempt, hedgeSignal);
    try {
      const opened = await this.#plan.open(this.#call, attempt, target);
      isOpen = true;
      return opened;
    } catch (cause) {
      const error = attempt.toTypedError(cause);
      attempt.fail(error);
      throw error;
    } finally {
      leave?.();
    }
  }

  /** A copy of a hedged call that is not needed any more is closed; an abort of the call does so itself. @returns ends that */
  #leaveWith(attempt: Attempt, hedgeSignal: AbortSignal): () => void {
    const leave = () => {
      if (!this.#call.aborted) attempt.abort(fasterCopy);
    };
    hedgeSignal.addEventListener('abort', leave);
    if (hedgeSignal.aborted) leave();
    return () => hedgeSignal.removeEventListener('abort', leave);
  }

  /** @throws QuotaExceededError when the attempt might go beyond a budget */
  #reserve(bill: Bill, target: To, permit: Permit | undefined): Reservation {
    try {
      return bill.reserve(target.provider.id, target.modelId, this.#plan.estimateUsage(target));
    } catch (error) {
      permit?.cancel();
      throw error;
    }
  }

  async #waitForSlot(lane: Lane, { target, tokens, permit, reserved, hedgeSignal }: Waiting): Promise<Lease> {
    const call = this.#call;
    try {
      const signal = hedgeSignal ?? call.signal;
      const { priority } = this.#plan;
      const lease = await lane.acquire({ signal, priority, tokens, maxWaitMs: call.timeLeftMs });
      call.queueMs += lease.waitedMs;
      return lease;
    } catch (error) {
      permit?.cancel();
      reserved?.cancel();
      // Refused for want of time is one thing; having waited until there was none left is the deadline.
      const inVain = RateLimitError.isInstance(error) && call.timeLeftMs === 0;
      throw inVain ? call.deadlinePassed(target.provider.id, target.modelId, error) : error;
    }
  }
}

/** An attempt that waits for its slot. */
interface Waiting {
  target: Target;
  tokens: number | undefined;
  permit: Permit | undefined;
  reserved: Reservation | undefined;
  hedgeSignal: AbortSignal | undefined;
}

/** A second copy is for a lane that has nothing better to do. */
function hasRoom({ stats: { running, queued, limit, closedMs } }: Lane): boolean {
  return queued === 0 && closedMs === 0 && running < limit * 0.8;
}

/** Called once for each attempt, when a stream has been read to its end or left. */
function settle({ error, answer, usage }: AttemptOutcome, lease: Lease, permit: Permit | undefined): void {
  if (error === undefined) permit?.succeed();
  else if (AnyLLMError.isInstance(error)) permit?.fail(error);
  else permit?.cancel();
  const failed = error === undefined ? { outcome: 'ok' as const } : toFeedback(error);
  if (failed || answer?.rateLimit) lease.feedback({ ...failed, rateLimit: answer?.rateLimit });
  lease.release({ tokens: usage?.total_tokens });
}

function settleBalance({ error, firstTokenMs }: AttemptOutcome, { balanced }: Target): void {
  if (error === undefined) balanced?.succeed(firstTokenMs);
  else balanced?.fail(error);
}
