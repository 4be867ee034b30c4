import { systemClock } from '../../clock.ts';
import { checkFunction } from '../../concurrency/check-function.ts';
import { startDeadline } from '../../concurrency/start-deadline.ts';
import type { AttemptRecord } from '../../contract/call-meta.ts';
import type { Clock } from '../../contract/provider.ts';
import { AnyLLMError } from '../../errors/any-llm-error.ts';
import { abortSignal, anything, type Checks, callback, checkFields, milliseconds } from '../../errors/check-fields.ts';
import { TimeoutError } from '../../errors/errors.ts';
import { nextRetry } from './next-retry.ts';
import { parseRetryOptions, type RetryOptions, type RetryPolicy, resolveRetryPolicy } from './retry-policy.ts';
import { untilAborted } from './until-aborted.ts';
import { wait } from './wait.ts';

/** Starts one attempt. */
export type RetryTask<T> = (context: {
  /** From 1. */
  attempt: number;
  /** Aborts with the caller's signal and at the deadline. */
  signal: AbortSignal;
}) => T | PromiseLike<T>;

/** What bounds all attempts together. */
export interface RetryRunOptions {
  /** Ends it at once, also during a wait: it rejects with `signal.reason`. If it is aborted already, nothing starts. */
  signal?: AbortSignal | undefined;
  /** Milliseconds for all attempts and waits together, above 0. Default `Infinity`. */
  timeout?: number | undefined;
  clock?: Clock;
  /** From 0 up to 1, for the length of the waits. Default `Math.random`. */
  random?: () => number;
}

const checks: Checks<RetryRunOptions> = {
  signal: abortSignal,
  timeout: milliseconds,
  clock: anything,
  random: callback,
};

interface Run {
  policy: RetryPolicy;
  signal: AbortSignal;
  deadline: number;
  timeoutMs: number;
  clock: Clock;
  random: () => number;
  records: AttemptRecord[];
}

/**
 * Runs the task until it succeeds, fails for good, or has used its attempts; then the last real error is thrown. Which
 * failures may pass is for the error (`retryable` of an `AnyLLMError`) or `shouldRetry` to say; other errors are final.
 * A wait that does not fit into `timeout` is not begun: the error is thrown now, with the server's `retryAfterMs` on it.
 * An attempt that still runs at the deadline is aborted, and a `TimeoutError` of phase `total` is thrown.
 * Wrong options reject with `InvalidRequestError`.
 *
 * ```ts
 * const page = await retry(({ signal }) => load(url, { signal }), { attempts: 4, shouldRetry: isNetworkError });
 * ```
 */
export async function retry<T>(task: RetryTask<T>, policy?: RetryOptions, options: RetryRunOptions = {}): Promise<T> {
  checkFunction(task, 'task');
  const resolved = resolveRetryPolicy(parseRetryOptions(policy, 'policy'));
  checkFields(options, checks);
  const { signal, timeout = Infinity, clock = systemClock, random = Math.random } = options;
  const deadline = clock.now() + timeout;
  signal?.throwIfAborted();

  const controller = new AbortController();
  const onAbort = () => controller.abort(signal?.reason);
  const records: AttemptRecord[] = [];
  const cancelDeadline = startDeadline(timeout, () => controller.abort(deadlineError(timeout, records)), clock);
  signal?.addEventListener('abort', onAbort);
  const run = { policy: resolved, signal: controller.signal, deadline, timeoutMs: timeout, clock, random, records };
  try {
    return await untilAborted(() => attemptUntilFinal(task, run), controller.signal);
  } finally {
    cancelDeadline();
    signal?.removeEventListener('abort', onAbort);
  }
}

async function attemptUntilFinal<T>(task: RetryTask<T>, run: Run): Promise<T> {
  const { policy, signal, clock, records } = run;
  const startedAt = clock.now();
  if (policy.budget) policy.budget.recordCall();
  for (let attempt = 1; ; attempt++) {
    const attemptAt = clock.now();
    try {
      return await task({ attempt, signal });
    } catch (error) {
      signal.throwIfAborted(); // whatever the task made of it: an abort is not a failure
      const record = toRecord(error, attemptAt - startedAt, clock.now() - attemptAt);
      records.push(record);
      record.waitMs = await waitOrThrow({ error, attempt, run });
    }
  }
}

/** Waits for the next attempt, for as many milliseconds as it returns, or throws the error when there is none. */
async function waitOrThrow({ error, attempt, run }: { error: unknown; attempt: number; run: Run }): Promise<number> {
  const { policy, signal, clock, random, records } = run;
  const { deadline, timeoutMs } = run;
  const next = nextRetry({ error, attempt, policy, timeLeftMs: deadline - clock.now(), timeoutMs, random });
  if (!next) {
    // A completion comes with an account of its own, which tells more.
    if (AnyLLMError.isInstance(error) && error.attempts.length === 0) error.attempts = records;
    throw error;
  }
  policy.onRetry?.({ attempt, delayMs: next.delayMs, error });
  await wait(next.delayMs, { signal, clock });
  return next.delayMs;
}

/** Of errors that are not ours only the name is told: their messages may hold anything. */
function toRecord(error: unknown, startMs: number, durationMs: number): AttemptRecord {
  const at = { startMs, durationMs };
  if (!AnyLLMError.isInstance(error)) {
    const message = error instanceof Error ? error.name : typeof error;
    return { provider: '', model: '', ...at, error: { code: 'unknown', message } };
  }
  const { provider = '', model = '', status, code, message } = error;
  return { provider, model, ...at, ...(status !== undefined && { status }), error: { code, message } };
}

function deadlineError(timeoutMs: number, records: readonly AttemptRecord[]): TimeoutError {
  const error = new TimeoutError(`the task did not succeed within ${timeoutMs} ms`, { phase: 'total', timeoutMs });
  error.attempts = records;
  return error;
}
