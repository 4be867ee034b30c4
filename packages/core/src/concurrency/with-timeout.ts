import { abortSignal, type Checks, checkField, checkFields, milliseconds } from '../errors/check-fields.ts';
import { TimeoutError } from '../errors/errors.ts';
import { checkFunction } from './check-function.ts';
import { isPromiseLike } from './is-promise-like.ts';
import { startDeadline } from './start-deadline.ts';

/** A function that can be told to stop, or a promise, which can only be left behind. */
export type TimedTask<T> = ((context: { signal: AbortSignal }) => T | PromiseLike<T>) | PromiseLike<T>;

/** What ends a task besides its deadline. */
export interface WithTimeoutOptions {
  /** Aborts the task and rejects with `signal.reason`. If it is aborted already, the task does not start. */
  signal?: AbortSignal | undefined;
}

const checks: Checks<WithTimeoutOptions> = { signal: abortSignal };

/**
 * The task's outcome, if it comes within `timeoutMs` milliseconds (above 0; `Infinity` for no limit). At the deadline
 * it rejects with a `TimeoutError` of phase `total`, and aborts the task's signal with that error. The task is not
 * waited for, and what becomes of it later is ignored. A synchronous throw is a rejection.
 *
 * ```ts
 * const page = await withTimeout(({ signal }) => fetch(url, { signal }), 5_000);
 * ```
 */
export async function withTimeout<T>(
  task: TimedTask<T>,
  timeoutMs: number,
  options: WithTimeoutOptions = {},
): Promise<T> {
  // A promise already runs: whatever happens below, its rejection is not an unhandled one.
  if (isPromiseLike(task)) task.then(ignore, ignore);
  else checkFunction(task, 'task');
  checkField('timeoutMs', milliseconds, timeoutMs);
  checkFields(options, checks);
  const { signal } = options;
  signal?.throwIfAborted();

  const controller = new AbortController();
  const stopped = rejectOnAbort(controller.signal);
  const onAbort = () => controller.abort(signal?.reason);
  const cancelDeadline = startDeadline(timeoutMs, () => controller.abort(deadlineError(timeoutMs)));
  signal?.addEventListener('abort', onAbort);
  try {
    return await Promise.race([stopped, isPromiseLike(task) ? task : task({ signal: controller.signal })]);
  } finally {
    cancelDeadline();
    signal?.removeEventListener('abort', onAbort);
  }
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  const rejection = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });
  rejection.catch(ignore); // nobody listens when the task throws at once
  return rejection;
}

function deadlineError(timeoutMs: number): TimeoutError {
  return new TimeoutError(`the task did not finish within ${timeoutMs} ms`, { phase: 'total', timeoutMs });
}

function ignore(): void {}
