import { abortSignal, type Checks, checkFields, milliseconds } from '../errors/check-fields.ts';
import { InvalidRequestError } from '../errors/errors.ts';
import { checkFunction } from './check-function.ts';
import type { ItemContext } from './item-context.ts';
import { checkIterable } from './iterable-source.ts';
import { withTimeout } from './with-timeout.ts';

/** Starts the work of a task. It should stop when `signal` aborts. */
export type RaceTask<T> = (context: ItemContext) => T | PromiseLike<T>;

/** What ends a race early. */
export interface RaceOptions {
  /** Milliseconds for the whole race, above 0. Default `Infinity`. */
  timeout?: number | undefined;
  /** Aborts every task and rejects with `signal.reason`. If it is aborted already, no task starts. */
  signal?: AbortSignal | undefined;
}

const checks: Checks<RaceOptions> = { timeout: milliseconds, signal: abortSignal };

/**
 * The first success of the tasks, which all start at once; the losers' signal is aborted, and nobody waits for them.
 * When all fail: an `AggregateError` with every reason, in the order of the tasks. At the deadline: a `TimeoutError`.
 * Wrong options, wrong tasks and no tasks at all reject with `InvalidRequestError`; an iterable is read to its end first.
 *
 * ```ts
 * const page = await race(mirrors.map((url) => ({ signal }) => fetch(url, { signal })));
 * ```
 */
export async function race<Task extends RaceTask<unknown>>(
  tasks: Iterable<Task>,
  options: RaceOptions = {},
): Promise<Awaited<ReturnType<Task>>> {
  checkFields(options, checks);
  const { timeout = Infinity, signal } = options;
  const runners = checkTasks(tasks);
  const controller = new AbortController();
  const firstSuccess = () => Promise.any(runners.map((task, index) => start(task, index, controller.signal)));
  try {
    return (await withTimeout(firstSuccess, timeout, { signal })) as Awaited<ReturnType<Task>>;
  } catch (error) {
    controller.abort(error);
    throw error;
  } finally {
    controller.abort(); // the losers; nothing new after a failure
  }
}

/** Async, so that a synchronous throw is this task's failure alone. */
async function start<T>(task: RaceTask<T>, index: number, signal: AbortSignal): Promise<T> {
  return task({ index, signal });
}

function checkTasks<Task>(tasks: Iterable<Task>): Task[] {
  checkIterable(tasks, 'tasks');
  const list = [...tasks];
  if (list.length === 0) throw new InvalidRequestError('a race needs at least one task', { path: 'tasks' });
  for (const [index, task] of list.entries()) checkFunction(task, `tasks[${index}]`);
  return list;
}
