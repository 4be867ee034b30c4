import { setTimeout as delay } from 'node:timers/promises';
import { expect, expectTypeOf, test, vi } from 'vitest';
import { InvalidRequestError, TimeoutError } from '../errors/errors.ts';
import { race } from './race.ts';

/** A task that never settles, and the signals it was given. */
function stuckTask() {
  const signals: AbortSignal[] = [];
  const task = ({ signal }: { signal: AbortSignal }) => {
    signals.push(signal);
    return new Promise<never>(() => {});
  };
  return { task, signals };
}

const fail = (message: string) => () => Promise.reject(new Error(message));

test('the first success wins over earlier failures', async () => {
  const winner = await race([fail('first'), () => delay(5, 'slow'), async () => 1]);
  expect(winner).toBe(1);
  expectTypeOf(winner).toEqualTypeOf<string | number>();
});

test('the losers are aborted and their late failures ignored', async () => {
  const aborted: number[] = [];
  const loser = ({ signal, index }: { signal: AbortSignal; index: number }) =>
    delay(1000, undefined, { signal }).catch((error) => {
      aborted.push(index);
      throw error;
    });
  await race([loser, () => 'won', loser]);
  await delay(5);
  expect(aborted).toEqual([0, 2]);
});

test('when all fail, every reason is told in the order of the tasks', async () => {
  const throwing = () => {
    throw new Error('b');
  };
  const error = await race([() => delay(5).then(fail('a')), throwing, fail('c')]).catch((reason) => reason);
  expect(error).toBeInstanceOf(AggregateError);
  expect(error.errors.map(({ message }: Error) => message)).toEqual(['a', 'b', 'c']);
});

test("the caller's abort rejects with their reason and reaches the tasks", async () => {
  const controller = new AbortController();
  const { task, signals } = stuckTask();
  const running = race([task], { signal: controller.signal });
  controller.abort('enough');
  await expect(running).rejects.toBe('enough');
  expect(signals.map(({ reason }) => reason)).toEqual(['enough']);
});

test('an aborted signal keeps the tasks from starting', async () => {
  const task = vi.fn();
  await expect(race([task], { signal: AbortSignal.abort('before') })).rejects.toBe('before');
  expect(task).not.toHaveBeenCalled();
});

test('the deadline is a TimeoutError, for the tasks too', async () => {
  const { task, signals } = stuckTask();
  const error = await race([task], { timeout: 5 }).catch((reason) => reason);
  expect(error).toBeInstanceOf(TimeoutError);
  expect(signals[0]?.reason).toBe(error);
});

test('thousands of tasks on one signal raise no warning', async () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => warnings.push(warning);
  process.on('warning', onWarning);
  const task = async ({ signal }: { signal: AbortSignal }) => signal.addEventListener('abort', () => {});
  await race(Array.from({ length: 2000 }, () => task));
  await delay(1);
  process.off('warning', onWarning);
  expect(warnings).toEqual([]);
});

test('an iterable of tasks races', async () => {
  expect(await race(new Set([() => 'only']))).toBe('only');
});

test.each([
  ['tasks', () => race([])],
  ['tasks', () => race(5 as never)],
  ['tasks[1]', () => race([() => 1, 'no task' as never])],
  ['options.timeout', () => race([() => 1], { timeout: NaN })],
])('wrong %s are refused', async (path, run) => {
  const error = await run().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(InvalidRequestError);
  expect(error).toMatchObject({ path });
});
