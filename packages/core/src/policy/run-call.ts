import { AnyLLMError } from '../errors/any-llm-error.ts';
import { OverloadedError, RateLimitError } from '../errors/errors.ts';
import { Attempt, type AttemptOutcome, fasterCopy, type Target } from './attempt.ts';
import type { Permit } from './breaker/circuit-breaker.ts';
import type { Call } from './call.ts';
import type { ClientPolicy } from './client-policy.ts';
import type { Fallback } from './fallback.ts';
import { estimateTokens } from './limits/estimate-tokens.ts';
import type { Lease, Limiter } from './limits/limiter.ts';
import { toFeedback } from './limits/to-feedback.ts';
import { nextRetry } from './retry/next-retry.ts';
import type { RetryPolicy } from './retry/retry-policy.ts';
import { wait } from './retry/wait.ts';

/** How one call is run: what the client shares among its calls, and what this one asks for. */
export interface CallPlan<T> {
  first: Target;
  /** Whom to ask instead, in order of preference. Worked out when their turn comes. */
  others: readonly (() => Promise<Target>)[];
  /** Asks once; settles when the answer, or a stream's first content, is there. */
  open: (call: Call, attempt: Attempt, target: Target) => Promise<T>;
  /** Closes what a hedge opened too late. */
  discard: (late: T) => void;
  retries: RetryPolicy;
  fallback: Fallback;
  hedged: boolean;
  /** Higher goes first in a queue. */
  priority: number;
}

/**
 * Runs a call under the client's policy, outermost first: fallback, retry, then for each attempt the circuit, the slot
 * and the hedge. The total deadline and the caller's signal are the call's, and bound every wait in here.
 */
export async function runCall<T>(call: Call, policy: ClientPolicy, plan: CallPlan<T>): Promise<T> {
  const targets = [() => plan.first, ...plan.others];
  for (let at = 0; ; at++) {
    const isLast = at === targets.length - 1;
    try {
      const target = await (targets[at] as (typeof targets)[0])();
      return await runTarget(call, policy, plan, target, isLast);
    } catch (error) {
      if (isLast || call.aborted || !plan.fallback.shouldFallBack(error)) throw error;
    }
  }
}

async function runTarget<T>(
  call: Call,
  policy: ClientPolicy,
  plan: CallPlan<T>,
  target: Target,
  isLast: boolean,
): Promise<T> {
  target.balanced?.begin();
  try {
    return await retryTarget(call, policy, plan, target, isLast);
  } catch (error) {
    target.balanced?.fail(error);
    throw error;
  }
}

async function retryTarget<T>(
  call: Call,
  policy: ClientPolicy,
  plan: CallPlan<T>,
  target: Target,
  isLast: boolean,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await runAttempt(call, policy, plan, target);
    } catch (error) {
      if (call.aborted || (!isLast && isOpenCircuit(error))) throw error;
      const { timeLeftMs, limits } = call;
      const timeoutMs = limits.total;
      const retry = nextRetry({ error, attempt, policy: plan.retries, timeLeftMs, timeoutMs, random: policy.random });
      if (!retry) throw error;
      call.waits(retry.delayMs);
      plan.retries.onRetry?.({ attempt, delayMs: retry.delayMs, error });
      await wait(retry.delayMs, { signal: call.signal, clock: call.clock });
    }
  }
}

/** Refused by the circuit, and not by a server: there is no need to wait for it while another model can be asked. */
function isOpenCircuit(error: unknown): boolean {
  return OverloadedError.isInstance(error) && error.status === undefined;
}

/** One attempt as the retry sees it; a hedge makes two of it. */
function runAttempt<T>(call: Call, policy: ClientPolicy, plan: CallPlan<T>, target: Target): Promise<T> {
  const hedger = plan.hedged ? policy.hedgerFor(target) : undefined;
  if (!hedger) return attemptOnce(call, policy, plan, target);
  const lane = policy.laneFor(target);
  return hedger.run(({ signal }) => attemptOnce(call, policy, plan, target, signal), {
    signal: call.signal,
    mayHedge: () => hasRoom(lane),
    discard: plan.discard,
  });
}

/** A second copy is for a lane that has nothing better to do. */
function hasRoom({ stats: { running, queued, limit, closedMs } }: Limiter): boolean {
  return queued === 0 && closedMs === 0 && running < limit * 0.8;
}

async function attemptOnce<T>(
  call: Call,
  policy: ClientPolicy,
  { open, priority }: CallPlan<T>,
  target: Target,
  hedgeSignal?: AbortSignal,
): Promise<T> {
  const permit = policy.enterCircuit(target);
  const lease = await acquireSlot(call, policy.laneFor(target), target, priority, permit, hedgeSignal);
  let isOpen = false;
  const attempt = new Attempt(call, target, (outcome) => {
    settle(outcome, lease, permit);
    // Of an attempt that fails before, the retry knows whether it was the last.
    if (isOpen || outcome.error === undefined) settleBalance(outcome, target);
  });
  const leave = () => attempt.abort(call.aborted ? call.signal.reason : fasterCopy);
  hedgeSignal?.addEventListener('abort', leave);
  try {
    if (hedgeSignal?.aborted) leave();
    const opened = await open(call, attempt, target);
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

async function acquireSlot(
  call: Call,
  lane: Limiter,
  target: Target,
  priority: number,
  permit: Permit | undefined,
  hedgeSignal: AbortSignal | undefined,
): Promise<Lease> {
  try {
    const signal = hedgeSignal ?? call.signal;
    const tokens = lane.countsTokens ? estimateTokens(target.request) : undefined;
    const lease = await lane.acquire({ signal, priority, tokens, maxWaitMs: call.timeLeftMs });
    call.queueMs += lease.waitedMs;
    return lease;
  } catch (error) {
    permit?.cancel();
    const { provider, modelId } = target;
    // Refused for want of time is one thing; having waited until there was none left is the deadline.
    const inVain = RateLimitError.isInstance(error) && call.timeLeftMs === 0;
    throw inVain ? call.deadlinePassed(provider.id, modelId, error) : error;
  }
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
