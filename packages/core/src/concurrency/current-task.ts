import { AsyncLocalStorage } from 'node:async_hooks';

export interface CurrentTask {
  name: string;
  /** Position among the tasks of its `gather`, from 0. */
  index: number;
}

/** Made by the first `gather`: a program without one pays nothing for it. */
let storage: AsyncLocalStorage<CurrentTask> | undefined;

/**
 * The innermost `gather` task in which the calling code runs, at any depth of its async calls, for logs.
 * `undefined` outside of any.
 */
export function currentTask(): CurrentTask | undefined {
  return storage?.getStore();
}

/** Runs the function, and all that it starts, as the given task. */
export function runAsTask<T>(task: CurrentTask, run: () => T): T {
  storage ??= new AsyncLocalStorage();
  return storage.run(task, run);
}
