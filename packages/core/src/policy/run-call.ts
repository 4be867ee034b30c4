import { AnyLLMError } from '../errors/any-llm-error.ts';
import { OverloadedError, RateLimitError } from '../errors/errors.ts';
import { Attempt, type AttemptOutcome, fasterCopy, type Target } from './attempt.ts';
import type { Permit } from './breaker/circuit-breaker.ts';
import type { Call } from './call.ts';
import type { ClientPolicy } from './client-policy.ts';
import type { Fallback } from './fallback.ts';
import type { Lease, Limiter } from './limits/limiter.ts';
import { toFeedback } from './limits/to-feedback.ts';
import { nextRetry } from './retry/next-retry.ts';
import type { RetryPolicy } from './retry/retry-policy.ts';
import { wait } from './retry/wait.ts';

/** How one call is run: what the client shares among its calls, and what this one asks for. */
export interface CallPlan<T, To extends Target = Target> {
  first: To;
  /** Whom to ask instead, in order of preference. Worked out when their turn comes. */
  others: readonly (() => Promise<To>)[];
  /** Asks once; settles when the answer, or a stream's first content, is there. */
  open: (call: Call, attempt: Attempt, target: To) => Promise<T>;
  /** What the call will use, for a limit on tokens. */
  estimateTokens: (target: To) => number;
  /** Closes what a hedge opened too late. */
  discard: (late: T) => void;
  retries: RetryPolicy;
  fallback: Fallback;
  hedged: boolean;
  /** Higher goes first in a queue. */
  priority: number;
}

/**
 * Runs a call under the client's policy, outermost first: fallback, retry, then for each attempt the hedge, the circuit
 * and the slot. The total deadline and the caller's signal are the call's, and bound every wait in here.
 */
export function runCall<T, To extends Target>(call: Call, policy: ClientPolicy, plan: CallPlan<T, To>): Promise<T> {
  return new CallRun(call, policy, plan).fallBack();
}

class CallRun<T, To extends Target> {
  readonly #call: Call;
  readonly #policy: ClientPolicy;
  readonly #plan: CallPlan<T, To>;

  constructor(call: Call, policy: ClientPolicy, plan: CallPlan<T, To>) {
    this.#call = call;
    this.#policy = policy;
    this.#plan = plan;
  }

  async fallBack(): Promise<T> {
    const { first, others, fallback } = this.#plan;
    const targets = [() => first, ...others];
    for (let at = 0; ; at++) {
      const isLast = at === targets.length - 1;
      try {
        const target = await (targets[at] as (typeof targets)[0])();
        return await this.#ask(target, isLast);
      } catch (error) {
        if (isLast || this.#call.aborted || !fallback.shouldFallBack(error)) throw error;
      }
    }
  }

  async #ask(target: To, isLast: boolean): Promise<T> {
    target.balanced?.begin();
    try {
      return await this.#retry(target, isLast);
    } catch (error) {
      target.balanced?.fail(error);
      throw error;
    }
  }

  async #retry(target: To, isLast: boolean): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#hedge(target);
      } catch (error) {
        if (this.#call.aborted || (!isLast && isOpenCircuit(error))) throw error;
        await this.#waitForRetry(error, attempt);
      }
    }
  }

  /** @throws the error when no further attempt follows it */
  async #waitForRetry(error: unknown, attempt: number): Promise<void> {
    const { timeLeftMs, limits, signal, clock } = this.#call;
    const policy = this.#plan.retries;
    const { random } = this.#policy;
    const retry = nextRetry({ error, attempt, policy, timeLeftMs, timeoutMs: limits.total, random });
    if (!retry) throw error;
    const { delayMs } = retry;
    this.#call.waits(delayMs);
    policy.onRetry?.({ attempt, delayMs, error });
    await wait(delayMs, { signal, clock });
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
    const lease = await this.#acquireSlot(target, permit, hedgeSignal);
    let isOpen = false;
    const attempt = new Attempt(this.#call, target, (outcome) => {
      settle(outcome, lease, permit);
      // Of an attempt that fails before, the retry knows whether it was the last.
      if (isOpen || outcome.error === undefined) settleBalance(outcome, target);
    });
    const leave = () => attempt.abort(this.#call.aborted ? this.#call.signal.reason : fasterCopy);
    hedgeSignal?.addEventListener('abort', leave);
    try {
      if (hedgeSignal?.aborted) leave();
      const opened = await this.#plan.open(this.#call, attempt, target);
      isOpen = true;
      return opened;
    } catch (cause) {
      const error = attempt.toTypedError(cause);
      attempt.fail(error);
      throw error;
    } finally {
      hedgeSignal?.removeEventListener('abort', leave);
    }
  }

  async #acquireSlot(target: To, permit: Permit | undefined, hedgeSignal: AbortSignal | undefined): Promise<Lease> {
    const call = this.#call;
    const lane = this.#policy.laneFor(target);
    try {
      const signal = hedgeSignal ?? call.signal;
      const tokens = lane.countsTokens ? this.#plan.estimateTokens(target) : undefined;
      const { priority } = this.#plan;
      const lease = await lane.acquire({ signal, priority, tokens, maxWaitMs: call.timeLeftMs });
      call.queueMs += lease.waitedMs;
      return lease;
    } catch (error) {
      permit?.cancel();
      // Refused for want of time is one thing; having waited until there was none left is the deadline.
      const inVain = RateLimitError.isInstance(error) && call.timeLeftMs === 0;
      throw inVain ? call.deadlinePassed(target.provider.id, target.modelId, error) : error;
    }
  }
}

/** Refused by the circuit, and not by a server: there is no need to wait for it while another model can be asked. */
function isOpenCircuit(error: unknown): boolean {
  return OverloadedError.isInstance(error) && error.status === undefined;
}

/** A second copy is for a lane that has nothing better to do. */
function hasRoom({ stats: { running, queued, limit, closedMs } }: Limiter): boolean {
  return queued === 0 && closedMs === 0 && running < limit * 0.8;
}

/** Called once for each attempt, when a stream has been read to its end or left. */
function settle({ error, answer, tokens }: AttemptOutcome, lease: Lease, permit: Permit | undefined): void {
  if (error === undefined) permit?.succeed();
  else if (AnyLLMError.isInstance(error)) permit?.fail(error);
  else permit?.cancel();
  const failed = error === undefined ? { outcome: 'ok' as const } : toFeedback(error);
  if (failed || answer?.rateLimit) lease.feedback({ ...failed, rateLimit: answer?.rateLimit });
  lease.release({ tokens });
}

function settleBalance({ error, firstTokenMs }: AttemptOutcome, { balanced }: Target): void {
  if (error === undefined) balanced?.succeed(firstTokenMs);
  else balanced?.fail(error);
}
