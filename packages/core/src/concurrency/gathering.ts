import type { CompletionRequest } from '../contract/chat-request.ts';
import type { CompletionOf, StructuredRequest } from '../contract/structured-output.ts';
import type { ItemContext } from './item-context.ts';
import type { IterableSource } from './iterable-source.ts';

/** What a task is given. */
export interface TaskContext extends ItemContext {
  /** The task's name, as `currentTask()` tells it. */
  readonly name: string;
}

/** Starts the work of a task. It should stop when `signal` aborts. */
export type TaskFunction<T = unknown> = (context: TaskContext) => T | PromiseLike<T>;

/** What `gather` takes: a function that starts the work, or a request. */
export type Task<Model extends string = string> = TaskFunction | CompletionRequest<Model> | StructuredRequest<Model>;

/** A task that succeeded. */
export interface FulfilledRow<T = unknown, Input = unknown> {
  status: 'fulfilled';
  value: T;
  /** Position of the task in the source, from 0. */
  index: number;
  name: string;
  /** The task itself: the request or the function. */
  input: Input;
}

/** A task that failed. */
export interface RejectedRow<Input = unknown> {
  status: 'rejected';
  reason: unknown;
  /** Position of the task in the source, from 0. */
  index: number;
  name: string;
  /** The task itself: the request or the function. */
  input: Input;
}

/** How a task ended. */
export type SettledRow<T = unknown, Input = unknown> = FulfilledRow<T, Input> | RejectedRow<Input>;

/** A task has settled, and how many have. */
export interface GatherProgress {
  /** Tasks that have settled, this one included. */
  done: number;
  /** How many there are; absent when the source is not an array. */
  total?: number;
  /** Those of `done` that failed. */
  failed: number;
  /** The task that has just settled. */
  index: number;
  name: string;
  status: 'fulfilled' | 'rejected';
}

/** How the tasks run. */
export interface GatherOptions<Input = Task> {
  /** How many tasks may run at once, from 1 to `Infinity`. Default 10. */
  concurrency?: number | undefined;
  /** Milliseconds for each task, from its own start. Default: none for functions, the client's for requests. */
  timeout?: number | undefined;
  /** Whether every outcome is a row, failures included, instead of the first failure ending it all. Default false. */
  settle?: boolean | undefined;
  /** Aborts every task. The whole rejects with `signal.reason` at once, whether the tasks obey or not. */
  signal?: AbortSignal | undefined;
  /** Called as each task settles. If it throws, the whole is cancelled and rejects with that error. */
  onProgress?: ((progress: GatherProgress) => void) | undefined;
  /** Default: the function's name or `task-<index>`; `<model>#<index>` for a request. */
  name?: ((index: number, input: Input) => string) | undefined;
}

/**
 * Running tasks. Await it for the results in input order, or iterate over the rows as they come; each iteration begins
 * with the first row. A `break` cancels the rest. Whichever is used reports a failure; if neither is, a failure is an
 * ordinary unhandled rejection.
 */
export interface Gathering<Results, Row> extends Promise<Results>, AsyncIterable<Row> {}

type TaskValue<Input> = Input extends (...args: never[]) => infer Returned ? Awaited<Returned> : CompletionOf<Input>;

type TaskOf<Tasks> = Tasks extends IterableSource<infer Input> ? Input : never;

type Row<Input, Settle> = Settle extends true
  ? SettledRow<TaskValue<Input>, Input>
  : FulfilledRow<TaskValue<Input>, Input>;

type Result<Input, Settle> = Settle extends true ? SettledRow<TaskValue<Input>, Input> : TaskValue<Input>;

type Results<Tasks, Settle> = Tasks extends readonly unknown[]
  ? { -readonly [Index in keyof Tasks]: Result<Tasks[Index], Settle> }
  : Result<TaskOf<Tasks>, Settle>[];

/** The type of `gather`; `Model` is the ids that requests may name. `[]` makes TypeScript infer tuples. */
export type Gather<Model extends string = string> = <
  Tasks extends readonly Task<Model>[] | [] | IterableSource<Task<Model>>,
  Settle extends boolean = false,
>(
  tasks: Tasks,
  options?: GatherOptions<TaskOf<Tasks>> & { settle?: Settle },
) => Gathering<Results<Tasks, Settle>, Row<TaskOf<Tasks>, Settle>>;
