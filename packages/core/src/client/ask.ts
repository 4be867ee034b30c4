import { systemClock } from '../clock.ts';
import type { CallOptions } from '../contract/call-options.ts';
import { atCaller } from '../errors/at-caller.ts';
import { afterFailure } from '../late-parts.ts';
import { type Attempt, leftByCaller, type Target } from '../policy/attempt.ts';
import { Call } from '../policy/call.ts';
import type { Candidate, ClientPolicy } from '../policy/client-policy.ts';
import type { Bill } from '../policy/cost/spending.ts';
import { type Fallback, resolveFallback } from '../policy/fallback.ts';
import type { EstimatedUsage } from '../policy/limits/estimate-usage.ts';
import { type RetryPolicy, resolveRetryPolicy } from '../policy/retry/retry-policy.ts';
import { type CallPlan, runCall } from '../policy/run-call.ts';
import { resolveTimeLimits } from '../policy/time-limits.ts';
import type { ClientRuntime } from './client-runtime.ts';

/** What the parts of one call have in common. */
export interface Whole {
  /** When it began: its deadline is that of each part. Absent: each has a deadline of its own. */
  startedAt?: number | undefined;
  bill: Bill | undefined;
}

/** What is asked and of whom, apart from how the call is run. */
export interface Question<To extends Target, Opened, Answer> {
  /** Model ids or names of balances, the first asked first. Absent: a provider is asked, which `options` name. */
  models: string | readonly string[] | undefined;
  /** Of a part: the whole that it belongs to. Default: it is one by itself. */
  whole?: Whole | undefined;
  /** Works out whom a candidate is and what to ask it. */
  resolve(candidate: Candidate, options: CallOptions): To | Promise<To>;
  estimateUsage(target: To): EstimatedUsage;
  /** Whether the same may be asked again after this failure. Default: where the error says so. */
  mayRepeat?: ((error: unknown) => boolean) | undefined;
  /** One attempt. */
  open(call: Call, attempt: Attempt, target: To): Promise<Opened>;
  /** Closes what came too late. */
  discard(late: Opened): void;
  /** Makes the caller's answer of what was opened. `again` opens anew, under the same policy. */
  deliver(opened: Opened, again: () => Promise<Opened>, plan: CallPlan<Opened, To>): Answer;
}

/** Whom a call asks first, and whom then. */
export type Targets<To extends Target> = Pick<CallPlan<unknown, To>, 'first' | 'others'>;

/** Asks under the client's policy, whatever the operation: resolve, then the attempts. */
export async function ask<To extends Target, Opened, Answer>(
  runtime: ClientRuntime,
  question: Question<To, Opened, Answer>,
  options: CallOptions,
): Promise<Answer> {
  const fallback = options.fallbacks === undefined ? runtime.fallback : resolveFallback(options.fallbacks);
  const candidates = candidatesOf(runtime.policy, question.models, fallback, options);
  const [chosen] = candidates;
  chosen?.balanced?.begin(); // at once, so that calls which are made at the same moment do not all choose it
  let begun: Call | undefined;
  try {
    const retries = retriesOf(runtime, question.mayRepeat, options);
    const targets = await resolve(runtime, question, candidates, fallback, options);
    const call = beginCall(runtime, targets.first, question.whole, options);
    begun = call;
    if (retries.budget) retries.budget.recordCall();
    const plan = toPlan(question, targets, { retries, fallback }, options);
    const open = () => runCall(call, runtime.policy, plan);
    return question.deliver(await open(), open, plan);
  } catch (error) {
    const aborted = options.signal?.aborted ?? false;
    chosen?.balanced?.fail(aborted ? leftByCaller : error);
    if (begun) throw begun.fail(error);
    throw aborted ? error : atCaller(error, ask);
  }
}

/** The models of the request, then those of its fallbacks. */
function candidatesOf(
  policy: ClientPolicy,
  models: string | readonly string[] | undefined,
  fallback: Fallback,
  { provider }: CallOptions,
): Candidate[] {
  if (models === undefined) return [{ id: undefined, provider, balanced: undefined }];
  const own =
    typeof models === 'string'
      ? policy.candidates(models, provider)
      : models.flatMap((id) => policy.candidates(id, provider));
  if (fallback.models.length === 0) return own;
  return [...own, ...fallback.models.flatMap((id) => policy.candidates(id))];
}

async function resolve<To extends Target>(
  runtime: ClientRuntime,
  question: Pick<Question<To, unknown, unknown>, 'resolve'>,
  candidates: readonly Candidate[],
  fallback: Fallback,
  options: CallOptions,
): Promise<Targets<To>> {
  const [only, second] = candidates;
  if (only && !second) return { first: await question.resolve(only, options), others: [] };
  const { resolveCandidates } = await afterFailure();
  return resolveCandidates(runtime, question, candidates, fallback, options);
}

function beginCall(
  { policy, timeout }: ClientRuntime,
  first: Target,
  whole: Whole | undefined,
  options: CallOptions,
): Call {
  return new Call({
    clock: systemClock,
    limits: resolveTimeLimits(...first.timeouts, timeout, options.timeout),
    signal: options.signal,
    startedAt: whole?.startedAt,
    bill: whole ? whole.bill : policy.spending?.openBill(),
  });
}

function toPlan<To extends Target, Opened>(
  { open, discard, estimateUsage }: Question<To, Opened, unknown>,
  { first, others }: Targets<To>,
  { retries, fallback }: Pick<CallPlan<Opened, To>, 'retries' | 'fallback'>,
  { hedge, priority = 0 }: CallOptions,
): CallPlan<Opened, To> {
  return { first, others, open, discard, estimateUsage, retries, fallback, hedged: hedge !== false, priority };
}

/** The caller's own `shouldRetry` is asked in place of the operation's rule. */
function retriesOf(
  { retries }: ClientRuntime,
  shouldRetry: Question<never, never, never>['mayRepeat'],
  options: CallOptions,
): RetryPolicy {
  const base = shouldRetry && !retries.shouldRetry ? { ...retries, shouldRetry } : retries;
  return options.retries === undefined ? base : resolveRetryPolicy(base, options.retries);
}
