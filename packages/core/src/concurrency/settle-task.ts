import type { ChatCompletion } from '../contract/chat-completion.ts';
import type { CompletionRequest } from '../contract/chat-request.ts';
import { invalidField } from '../errors/invalid-field.ts';
import { runAsTask } from './current-task.ts';
import type { SettledRow, TaskContext, TaskFunction } from './gathering.ts';
import { isPromiseLike } from './is-promise-like.ts';
import { withTimeout } from './with-timeout.ts';

/** Runs one request. It obeys the signal and keeps to the timeout, in milliseconds, by itself. */
export type RunRequest<Model extends string = string> = (
  request: CompletionRequest<Model>,
  options: { signal: AbortSignal; timeout?: number },
) => Promise<ChatCompletion>;

export interface SettleOptions {
  timeout: number | undefined;
  runRequest: RunRequest;
}

/** Runs the task, which may be of a wrong kind, to its end. Never rejects. Inside, `currentTask()` tells its name. */
export async function settleTask(input: unknown, context: TaskContext, options: SettleOptions): Promise<SettledRow> {
  const { index, name } = context;
  try {
    const value = await runAsTask({ name, index }, () => startTask(input, context, options));
    return { status: 'fulfilled', value, index, name, input };
  } catch (reason) {
    return { status: 'rejected', reason, index, name, input };
  }
}

function startTask(task: unknown, context: TaskContext, options: SettleOptions): unknown {
  if (typeof task === 'function') return startFunction(task as TaskFunction, context, options);
  checkRequest(task, context.index);
  return startRequest(task, context, options);
}

function startFunction(task: TaskFunction, context: TaskContext, { timeout }: SettleOptions): unknown {
  if (timeout === undefined) return task(context);
  const { index, name, signal } = context;
  return withTimeout((limited) => task({ index, name, signal: limited.signal }), timeout, { signal });
}

function startRequest(request: CompletionRequest, { signal }: TaskContext, options: SettleOptions): unknown {
  const { timeout, runRequest } = options;
  return runRequest(request, timeout === undefined ? { signal } : { signal, timeout });
}

/** Only the kind of the task: the fields of a request are checked where it runs. */
function checkRequest(task: unknown, index: number): asserts task is CompletionRequest {
  const path = `tasks[${index}]`;
  if (isPromiseLike(task)) {
    throw invalidField(path, 'is a promise, which runs already: pass a function that starts it');
  }
  if (typeof task !== 'object' || task === null) {
    throw invalidField(path, 'must be a function or a request');
  }
}

/** The function's own name, or the request's model and its index. */
export function defaultTaskName(index: number, task: unknown): string {
  if (typeof task === 'function' && task.name) return task.name;
  const { model } = Object(task) as { model?: unknown };
  return typeof model === 'string' ? `${model}#${index}` : `task-${index}`;
}
