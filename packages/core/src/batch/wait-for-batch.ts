import { startDeadline } from '../concurrency/start-deadline.ts';
import type { CallOptions } from '../contract/call-options.ts';
import { AnyLLMError } from '../errors/any-llm-error.ts';
import { TimeoutError } from '../errors/errors.ts';
import { wait } from '../policy/retry/wait.ts';
import { type BatchJob, hasEnded } from './batch-job.ts';

/** How long to wait for the end of a batch, and whom to tell meanwhile. */
export interface BatchWaitOptions extends Omit<CallOptions, 'timeout'> {
  /** Milliseconds for the whole wait. Default 90,000,000 (25 hours): vendors give a batch up after 24 hours. */
  timeout?: number;
  /**
   * Milliseconds between the first two looks; each further wait is half as long again, up to a minute. Default 1,000.
   * A batch of this process is looked at more often, which costs nothing.
   */
  interval?: number;
  /** Called with the first look and whenever status or counts have changed. What it throws, the wait throws. */
  onProgress?: (job: BatchJob) => void;
}

interface Waiting {
  onProgress: BatchWaitOptions['onProgress'];
  timeout?: number | undefined;
  signal?: AbortSignal | undefined;
  /** Milliseconds between the first two looks, and at most. */
  pace: { firstMs: number; maxMs: number };
}

const defaultTimeoutMs = 90_000_000;
const growth = 1.5;

/** So many looks in a row may fail for reasons that pass. */
const maxFailures = 10;

/**
 * Looks at a batch until it has ended.
 * @throws TimeoutError when it has not; the batch itself goes on
 */
export async function waitForBatch(
  look: (signal: AbortSignal) => Promise<BatchJob>,
  { timeout = defaultTimeoutMs, signal, onProgress, pace: { firstMs, maxMs } }: Waiting,
): Promise<BatchJob> {
  const deadline = new AbortController();
  let last: BatchJob | undefined;
  const cancelTimer = startDeadline(timeout, () => deadline.abort(tooLate(timeout, last)));
  const either = signal ? AbortSignal.any([signal, deadline.signal]) : deadline.signal;
  try {
    for (let delayMs = firstMs, failures = 0; ; delayMs = Math.min(delayMs * growth, Math.max(maxMs, firstMs))) {
      let leastMs = 0;
      try {
        const job = await look(either);
        failures = 0;
        if (!last || hasMoved(last, job)) onProgress?.(job);
        last = job;
        if (hasEnded(job)) return job;
      } catch (error) {
        if (either.aborted || !mayPass(error) || ++failures > maxFailures) throw error;
        leastMs = error.retryAfterMs ?? 0;
      }
      await wait(Math.max(delayMs, leastMs), { signal: either });
    }
  } finally {
    cancelTimer();
  }
}

function hasMoved(before: BatchJob, now: BatchJob): boolean {
  const { total, completed, failed } = before.request_counts;
  const counts = now.request_counts;
  return (
    before.status !== now.status || total !== counts.total || completed !== counts.completed || failed !== counts.failed
  );
}

function mayPass(error: unknown): error is AnyLLMError {
  return AnyLLMError.isInstance(error) && error.retryable;
}

function tooLate(timeoutMs: number, job: BatchJob | undefined): TimeoutError {
  const state = job
    ? `the batch ${job.id} was still ${job.status} (${job.request_counts.completed + job.request_counts.failed} of ${job.request_counts.total} rows done)`
    : 'nothing was heard of the batch';
  return new TimeoutError(`${state} after ${timeoutMs} ms (timeout); it goes on and can be waited for again`, {
    provider: job?.provider,
    phase: 'total',
    timeoutMs,
  });
}
