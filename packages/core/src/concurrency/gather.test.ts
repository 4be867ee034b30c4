import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import type { ChatCompletion } from '../contract/chat-completion.ts';
import type { CompletionRequest } from '../contract/chat-request.ts';
import { InvalidRequestError, TimeoutError } from '../errors/errors.ts';
import { currentTask } from './current-task.ts';
import { createGather } from './gather.ts';
import type { GatherProgress, TaskContext } from './gathering.ts';

/** Answers with the request's own model, after it has told what it was given. */
const runRequest = vi.fn(
  async (request: CompletionRequest, _: object) => ({ text: request.model }) as unknown as ChatCompletion,
);
const gather = createGather(runRequest);

const never = () => new Promise<never>(() => {});
const failWith = (error: unknown) => () => Promise.reject(error);

/** What the run leaves as unhandled rejections, hidden from the test runner. */
async function unhandledRejections(run: () => void): Promise<unknown[]> {
  const others = process.listeners('unhandledRejection');
  const reasons: unknown[] = [];
  process.removeAllListeners('unhandledRejection').on('unhandledRejection', (reason) => reasons.push(reason));
  run();
  await delay(5);
  process.removeAllListeners('unhandledRejection');
  for (const listener of others) process.on('unhandledRejection', listener);
  return reasons;
}

test('results come in input order, whatever is ready first', async () => {
  expect(await gather([() => delay(10, 'slow'), async () => 'quick', () => 'at once'])).toEqual([
    'slow',
    'quick',
    'at once',
  ]);
});

test('iterables and async iterables are gathered', async () => {
  async function* source() {
    yield () => 1;
    yield async () => 2;
  }
  expect(await gather(source())).toEqual([1, 2]);
  expect(await gather(new Set([() => 1]))).toEqual([1]);
  expect(await gather([])).toEqual([]);
});

test('requests run by the given function, with a signal and the timeout', async () => {
  const request = { model: 'mistral/small', prompt: 'Hi' };
  const [answer, number] = await gather([request, () => 1], { timeout: 500 });
  expect([answer.text, number]).toEqual(['mistral/small', 1]);
  expect(runRequest).toHaveBeenLastCalledWith(request, { signal: expect.any(AbortSignal), timeout: 500 });
  await gather([request]);
  expect(runRequest.mock.lastCall?.[1]).not.toHaveProperty('timeout');
});

test('it starts at once, and never more than `concurrency`', async () => {
  let running = 0;
  let peak = 0;
  const task = async () => {
    peak = Math.max(peak, ++running);
    await delay(1);
    running--;
  };
  const gathering = gather(
    Array.from({ length: 12 }, () => task),
    { concurrency: 3 },
  );
  expect(running).toBe(3);
  await gathering;
  expect(peak).toBe(3);
});

test('the first failure rejects with that very error and aborts the siblings, without waiting', async () => {
  const failure = new Error('first');
  let sibling: AbortSignal | undefined;
  let pulled = 0;
  let closed = false;
  function* source() {
    try {
      yield (context: TaskContext) => {
        sibling = context.signal;
        return never();
      };
      yield failWith(failure);
      for (;;) yield () => pulled++;
    } finally {
      closed = true;
    }
  }
  await expect(gather(source(), { concurrency: 2 })).rejects.toBe(failure);
  expect(sibling?.reason).toBe(failure);
  expect({ pulled, closed }).toEqual({ pulled: 0, closed: true });
});

test('an error of ours says which task failed, the innermost where gatherings are nested', async () => {
  const error = new TimeoutError('too slow', { phase: 'total', timeoutMs: 5 });
  const aborted = ({ signal }: TaskContext) =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  const failed = gather([aborted, () => gather([aborted, aborted, failWith(error)], { name: (at) => `inner ${at}` })]);
  await expect(failed).rejects.toBe(error);
  await delay(1); // the siblings reject after it, with the same error
  expect(error.task).toEqual({ index: 2, name: 'inner 2' });
  expect(JSON.parse(JSON.stringify(error)).task).toEqual(error.task);
});

test('settle gives every outcome with its index, name and input', async () => {
  const error = new Error('failed');
  const works = async () => 1;
  const fails = () => {
    throw error;
  };
  expect(await gather([fails, works], { settle: true })).toEqual([
    { status: 'rejected', reason: error, index: 0, name: 'fails', input: fails },
    { status: 'fulfilled', value: 1, index: 1, name: 'works', input: works },
  ]);
});

test.each([
  ['a string', 'task', '`tasks[0]` must be a function or a request'],
  ['null', null, '`tasks[0]` must be a function or a request'],
  ['a promise', Promise.resolve(1), '`tasks[0]` is a promise, which runs already: pass a function that starts it'],
])('a task that is %s fails alone', async (_, task, message) => {
  const rows = await gather([task as never, () => 1], { settle: true });
  expect(rows[0]).toMatchObject({ reason: { code: 'invalid_request', path: 'tasks[0]', message }, name: 'task-0' });
  expect(rows[1]).toMatchObject({ value: 1 });
  await expect(gather([task as never])).rejects.toThrow(InvalidRequestError);
});

test('with settle, an error of the source rejects, and the rows until then can be iterated', async () => {
  async function* source() {
    yield () => 1;
    await delay(5);
    throw new Error('source');
  }
  const gathering = gather(source(), { settle: true });
  await expect(gathering).rejects.toThrow('source');
  const values: unknown[] = [];
  const iterate = async () => {
    for await (const row of gathering) values.push(row.status === 'fulfilled' && row.value);
  };
  await expect(iterate()).rejects.toThrow('source');
  expect(values).toEqual([1]);
});

test('iteration gives the rows in the order of completion, each time from the first', async () => {
  const gathering = gather([() => delay(15, 'slow'), () => delay(1, 'quick')]);
  for (const _ of ['live', 'afterwards']) {
    const seen: unknown[] = [];
    for await (const { index, value } of gathering) seen.push([index, value]);
    expect(seen).toEqual([
      [1, 'quick'],
      [0, 'slow'],
    ]);
  }
  expect(await gathering).toEqual(['slow', 'quick']);
});

test('iteration throws the failure after the rows before it', async () => {
  const failure = new Error('failed');
  const seen: unknown[] = [];
  const iterate = async () => {
    for await (const { value } of gather([() => 1, () => delay(5).then(failWith(failure))])) seen.push(value);
  };
  await expect(iterate()).rejects.toBe(failure);
  expect(seen).toEqual([1]);
});

test('break cancels the rest, and the promise rejects with an AbortError', async () => {
  const signals: AbortSignal[] = [];
  let started = 0;
  const stuck = ({ signal }: TaskContext) => {
    started++;
    signals.push(signal);
    return never();
  };
  const gathering = gather([() => 1, stuck, stuck, stuck, stuck], { concurrency: 2 });
  for await (const _ of gathering) break;
  expect(signals.every(({ aborted }) => aborted)).toBe(true);
  expect(started).toBeLessThan(4);
  await expect(gathering).rejects.toMatchObject({ name: 'AbortError' });
});

test('a failure nobody looks at is one unhandled rejection; with an iteration it is none', async () => {
  const failure = new Error('alone');
  expect(await unhandledRejections(() => gather([failWith(failure), failWith('sibling')]))).toEqual([failure]);
  const iterate = async () => {
    for await (const _ of gather([() => 1, () => delay(1).then(failWith(failure))])) await delay(3);
  };
  expect(await unhandledRejections(() => iterate().catch(() => {}))).toEqual([]);
});

test("the caller's abort rejects with their reason, even if the tasks ignore it", async () => {
  const controller = new AbortController();
  const gathering = gather([never, never], { signal: controller.signal, settle: true });
  controller.abort('enough');
  await expect(gathering).rejects.toBe('enough');
  const task = vi.fn();
  await expect(gather([task], { signal: AbortSignal.abort('before') })).rejects.toBe('before');
  expect(task).not.toHaveBeenCalled();
});

test('each task has its own deadline, counted from its start', async () => {
  const tasks = Array.from({ length: 4 }, () => () => delay(40, 'in time'));
  expect(await gather(tasks, { timeout: 100, concurrency: 1 })).toHaveLength(4);
  const rows = await gather([never, () => 1], { timeout: 5, settle: true });
  expect(rows).toMatchObject([{ reason: { code: 'timeout', phase: 'total', timeoutMs: 5 } }, { value: 1 }]);
  await expect(gather([never], { timeout: 5 })).rejects.toThrow(TimeoutError);
});

test('progress counts what settled, the failure that ends it all included', async () => {
  const steps: GatherProgress[] = [];
  const onProgress = (progress: GatherProgress) => steps.push(progress);
  const boom = () => delay(5).then(failWith(new Error('failed')));
  await gather([() => 1, boom, never], { onProgress }).catch(() => {});
  expect(steps).toEqual([
    { done: 1, total: 3, failed: 0, index: 0, name: 'task-0', status: 'fulfilled' },
    { done: 2, total: 3, failed: 1, index: 1, name: 'boom', status: 'rejected' },
  ]);
});

test('an abort is not reported as the failure of a task', async () => {
  const onProgress = vi.fn();
  const controller = new AbortController();
  const obedient = ({ signal }: TaskContext) =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  const gathering = gather([obedient], { onProgress, signal: controller.signal });
  controller.abort('enough');
  await expect(gathering).rejects.toBe('enough');
  expect(onProgress).not.toHaveBeenCalled();
});

test('an error of onProgress rejects and cancels the rest', async () => {
  let sibling: AbortSignal | undefined;
  const task = ({ signal }: TaskContext) => {
    sibling = signal;
    return never();
  };
  const onProgress = () => {
    throw new Error('in progress');
  };
  await expect(gather([() => 1, task], { onProgress })).rejects.toThrow('in progress');
  expect(sibling?.aborted).toBe(true);
});

test('after an error of onProgress nothing more is reported', async () => {
  const onProgress = vi.fn(() => {
    throw new Error('in progress');
  });
  await expect(gather([() => 1, failWith(new Error('failed'))], { onProgress })).rejects.toThrow('in progress');
  expect(onProgress).toHaveBeenCalledOnce();
});

test('currentTask() tells the name anywhere inside a task, and nothing outside', async () => {
  const request = { model: 'mistral/small', prompt: 'Hi' };
  runRequest.mockImplementationOnce(async () => ({ text: currentTask()?.name }) as unknown as ChatCompletion);
  const named = async () => {
    await delay(1);
    return currentTask();
  };
  const nested = () => gather([named]);
  const [answer, ...rest] = await gather([request, named, () => currentTask(), nested]);
  expect(answer.text).toBe('mistral/small#0');
  expect(rest).toEqual([{ name: 'named', index: 1 }, { name: 'task-2', index: 2 }, [{ name: 'named', index: 0 }]]);
  expect(currentTask()).toBeUndefined();
});

test('`name` names the tasks', async () => {
  const names = await gather([({ name }) => name], { name: (index, input) => `${typeof input} ${index}` });
  expect(names).toEqual(['function 0']);
});

test("a task runs in its caller's async context", async () => {
  const storage = new AsyncLocalStorage<string>();
  const tasks = Array.from({ length: 20 }, () => () => delay(1).then(() => storage.getStore()));
  const seen = await storage.run('mine', () => gather(tasks, { concurrency: 2 }));
  expect(new Set(seen)).toEqual(new Set(['mine']));
});

test.each([
  ['options.concurrency', { concurrency: NaN }],
  ['options.concurrency', { concurrency: 0 }],
  ['options.timeout', { timeout: -1 }],
  ['options.timeout', { timeout: NaN }],
  ['options.signal', { signal: new AbortController() as never }],
  ['options.onProgress', { onProgress: true as never }],
  ['options.name', { name: 'task' as never }],
])('wrong %s reject before any task starts', async (path, options) => {
  const task = vi.fn();
  await expect(gather([task], { ...options, settle: true })).rejects.toMatchObject({ code: 'invalid_request', path });
  await expect(gather(5 as never)).rejects.toMatchObject({ code: 'invalid_request', path: 'tasks' });
  expect(task).not.toHaveBeenCalled();
});

test('thousands of tasks on one signal raise no warning and leave no timer', async () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => warnings.push(warning);
  process.on('warning', onWarning);
  const { signal } = new AbortController();
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  const task = async ({ signal }: TaskContext) => signal.addEventListener('abort', () => {});
  const tasks = Array.from({ length: 5000 }, () => task);
  await gather(tasks, { concurrency: 5000, timeout: 60_000, signal });
  await delay(1);
  process.off('warning', onWarning);
  expect(warnings).toEqual([]);
  expect(timers()).toBeLessThanOrEqual(before);
});
