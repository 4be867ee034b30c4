import { getEventListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, expectTypeOf, test, vi } from 'vitest';
import { InvalidRequestError } from '../errors/errors.ts';
import { mapConcurrent } from './map-concurrent.ts';

const never = () => new Promise<never>(() => {});

async function* asyncSource(length: number) {
  for (let index = 0; index < length; index++) yield index;
}

/** A source that counts what is pulled and whether it was closed. */
function watchedSource(length = Infinity) {
  const watch = { pulled: 0, closed: 0 };
  const iterator = {
    next: () => (watch.pulled < length ? { value: watch.pulled++, done: false } : { value: undefined, done: true }),
    return: () => {
      watch.closed++;
      return { value: undefined, done: true };
    },
  } as Iterator<number>;
  return Object.assign(watch, { [Symbol.iterator]: () => iterator });
}

/** What an iteration delivers, and what it throws. */
async function drain<T>(results: AsyncIterable<T>): Promise<{ delivered: T[]; error?: unknown }> {
  const delivered: T[] = [];
  try {
    for await (const result of results) delivered.push(result);
    return { delivered };
  } catch (error) {
    return { delivered, error };
  }
}

test('results come in the order of the source, whatever the delays and the limit', async () => {
  const delays = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 20 });
  const property = fc.asyncProperty(delays, fc.integer({ min: 1, max: 8 }), async (items, concurrency) => {
    const results = mapConcurrent(items, (ms) => (ms === 0 ? ms : delay(ms, ms)), { concurrency });
    expect((await drain(results)).delivered).toEqual(items);
  });
  await fc.assert(property, { numRuns: 30 });
});

test('unordered results come as they are ready, each once', async () => {
  const results = mapConcurrent([30, 1, 15], (ms) => delay(ms, ms), { ordered: false });
  expect((await drain(results)).delivered).toEqual([1, 15, 30]);
});

test('sync and async sources, sync and async functions all do', async () => {
  const expected = Array.from({ length: 30 }, (_, index) => index * 2);
  for (const source of [() => Array.from({ length: 30 }).keys(), () => asyncSource(30)]) {
    for (const fn of [(item: number) => item * 2, async (item: number) => item * 2]) {
      for (const ordered of [true, false]) {
        expect((await drain(mapConcurrent(source(), fn, { ordered }))).delivered).toEqual(expected);
      }
    }
  }
});

test('an empty source ends at once', async () => {
  expect(await drain(mapConcurrent([], never))).toEqual({ delivered: [] });
  expect(await drain(mapConcurrent(asyncSource(0), never))).toEqual({ delivered: [] });
});

test('the function is given the index', async () => {
  const results = mapConcurrent(['a', 'b'], (item, { index }) => item + index);
  expect((await drain(results)).delivered).toEqual(['a0', 'b1']);
  expectTypeOf(results).toEqualTypeOf<AsyncIterableIterator<string>>();
});

test('never more than `concurrency` run, by default 10', async () => {
  for (const [concurrency, expected] of [[3, 3] as const, [undefined, 10] as const]) {
    let running = 0;
    let peak = 0;
    const fn = async () => {
      peak = Math.max(peak, ++running);
      await delay(1);
      running--;
    };
    await drain(mapConcurrent(asyncSource(40), fn, { concurrency }));
    expect(peak).toBe(expected);
  }
});

test('Infinity starts everything', async () => {
  const source = watchedSource(500);
  const results = mapConcurrent(source, never, { concurrency: Infinity });
  results.next();
  expect(source.pulled).toBe(500);
  await results.return?.();
});

test.each([true, false])('an unread iterator stops the source, ordered: %s', async (ordered) => {
  const source = watchedSource();
  const results = mapConcurrent(source, async (item) => item, { concurrency: 4, ordered });
  expect(source.pulled).toBe(0);
  await results.next();
  await delay(5);
  expect(source.pulled).toBe(1 + 4);
  await results.return?.();
});

test('an async source is asked for one item at a time', async () => {
  let asked = 0;
  let peak = 0;
  const source = {
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        peak = Math.max(peak, ++asked);
        await delay(1);
        asked--;
        return { value: 0, done: false };
      },
    }),
  };
  const results = mapConcurrent(source, (item) => item);
  for (let count = 0; count < 20; count++) await results.next();
  expect(peak).toBe(1);
  await results.return?.();
});

test('calls of next() that overlap are answered in turn', async () => {
  const results = mapConcurrent([5, 1], (ms) => delay(ms, ms), { concurrency: 2 });
  const answers = await Promise.all([results.next(), results.next(), results.next(), results.next()]);
  expect(answers.map(({ value }) => value)).toEqual([5, 1, undefined, undefined]);
});

test('20,000 overlapping calls of next() do not exhaust the stack', async () => {
  const results = mapConcurrent(asyncSource(20_000), (item) => item);
  const answers = await Promise.all(Array.from({ length: 20_000 }, () => results.next()));
  expect(answers.at(-1)?.value).toBe(19_999);
});

test('ordered: a failure comes after the results before it, and what comes after it is aborted', async () => {
  const aborted: number[] = [];
  const source = watchedSource();
  const fn = async (item: number, { signal }: { signal: AbortSignal }) => {
    signal.addEventListener('abort', () => aborted.push(item));
    if (item === 2) throw new Error('two');
    return delay(10, item);
  };
  const { delivered, error } = await drain(mapConcurrent(source, fn, { concurrency: 5 }));
  expect(delivered).toEqual([0, 1]);
  expect(error).toMatchObject({ message: 'two' });
  expect(aborted).toEqual([3, 4]);
  expect(source).toMatchObject({ pulled: 5, closed: 1 });
});

test('ordered: of two failures the one that comes first in order is thrown', async () => {
  const fn = async (item: number) => {
    await delay(item === 0 ? 10 : 0);
    throw new Error(`${item}`);
  };
  const { error } = await drain(mapConcurrent([0, 1], fn));
  expect(error).toMatchObject({ message: '0' });
});

test('unordered: a failure is thrown at once and all others are aborted with it', async () => {
  const failure = new Error('one');
  const reasons: unknown[] = [];
  const fn = async (item: number, { signal }: { signal: AbortSignal }) => {
    signal.addEventListener('abort', () => reasons.push(signal.reason));
    if (item === 1) throw failure;
    return never();
  };
  const { delivered, error } = await drain(mapConcurrent([0, 1, 2], fn, { ordered: false }));
  expect({ delivered, error }).toEqual({ delivered: [], error: failure });
  expect(reasons).toEqual([failure, failure]);
});

test('a synchronous throw is a failure like any other', async () => {
  const fn = (item: number) => {
    if (item === 1) throw new Error('sync');
    return item;
  };
  expect(await drain(mapConcurrent([0, 1, 2], fn))).toEqual({ delivered: [0], error: new Error('sync') });
});

test('a source that throws in the middle: the results before it, then its error', async () => {
  function* sync() {
    yield* [0, 1];
    throw new Error('source');
  }
  async function* async() {
    yield* sync();
  }
  for (const source of [sync, async]) {
    const { delivered, error } = await drain(mapConcurrent(source(), (item) => delay(5, item)));
    expect(delivered).toEqual([0, 1]);
    expect(error).toMatchObject({ message: 'source' });
  }
});

test('after a failure the iteration is over', async () => {
  const results = mapConcurrent([0], () => Promise.reject(new Error('once')));
  await expect(results.next()).rejects.toThrow('once');
  expect(await results.next()).toEqual({ value: undefined, done: true });
});

test('break aborts what runs, closes the source and starts nothing more', async () => {
  const source = watchedSource();
  const aborted: number[] = [];
  const fn = (item: number, { signal }: { signal: AbortSignal }) => {
    signal.addEventListener('abort', () => aborted.push(item));
    return item === 0 ? item : never();
  };
  for await (const _ of mapConcurrent(source, fn, { concurrency: 3 })) break;
  expect(aborted.sort()).toEqual([1, 2, 3]);
  expect(source).toMatchObject({ pulled: 4, closed: 1 });
});

test('a signal that is first looked at after the abort is aborted', async () => {
  let later: (() => AbortSignal) | undefined;
  const results = mapConcurrent([0], (_, context) => {
    later = () => context.signal;
    return never();
  });
  results.next();
  await results.return?.();
  expect(later?.().aborted).toBe(true);
});

test('break does not wait for an item that never comes', async () => {
  async function* stuck() {
    yield 0;
    await never();
  }
  for await (const _ of mapConcurrent(stuck(), (item) => item)) break;
});

test('an item that comes after the end is not started', async () => {
  async function* slow() {
    yield 0;
    yield delay(5, 1);
  }
  const fn = vi.fn((item: number) => item);
  for await (const _ of mapConcurrent(slow(), fn)) break;
  await delay(10);
  expect(fn).toHaveBeenCalledOnce();
});

test('break reports an error of closing the source', async () => {
  function* source() {
    try {
      yield* [0, 1, 2];
    } finally {
      // biome-ignore lint/correctness/noUnsafeFinally: what is tested
      throw new Error('closing');
    }
  }
  const results = mapConcurrent(source(), (item) => item, { concurrency: 1 });
  await results.next();
  await expect(results.return?.()).rejects.toThrow('closing');
});

test('return() answers the calls of next() that wait', async () => {
  const results = mapConcurrent([0], never);
  const waiting = results.next();
  await results.return?.();
  expect(await waiting).toEqual({ value: undefined, done: true });
});

test("the caller's abort throws the caller's reason, whether the items obey or not", async () => {
  const controller = new AbortController();
  const source = watchedSource();
  const signals: AbortSignal[] = [];
  const fn = (_: number, { signal }: { signal: AbortSignal }) => {
    signals.push(signal);
    return never();
  };
  const draining = drain(mapConcurrent(source, fn, { concurrency: 2, signal: controller.signal }));
  controller.abort('enough');
  expect(await draining).toEqual({ delivered: [], error: 'enough' });
  expect(signals.map(({ reason }) => reason)).toEqual(['enough', 'enough']);
  expect(source.closed).toBe(1);
});

test('an abort between two results is thrown by the next call', async () => {
  const controller = new AbortController();
  const results = mapConcurrent([0, 1, 2], (item) => item, { signal: controller.signal });
  await results.next();
  controller.abort('enough');
  await expect(results.next()).rejects.toBe('enough');
  expect(await results.next()).toMatchObject({ done: true });
});

test('an aborted signal keeps the source untouched', async () => {
  const source = watchedSource();
  const fn = vi.fn();
  const { error } = await drain(mapConcurrent(source, fn, { signal: AbortSignal.abort('before') }));
  expect(error).toBe('before');
  expect(fn).not.toHaveBeenCalled();
  expect(source).toMatchObject({ pulled: 0, closed: 0 });
});

test('no listener is left on the signal, however the iteration ends', async () => {
  const { signal } = new AbortController();
  await drain(mapConcurrent([0, 1], (item) => item, { signal }));
  await drain(mapConcurrent([0], () => Promise.reject(new Error('failed')), { signal }));
  for await (const _ of mapConcurrent([0, 1], (item) => item, { signal })) break;
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('late failures of abandoned items are ignored', async () => {
  const fn = (item: number) => (item === 0 ? item : delay(5).then(() => Promise.reject(new Error('late'))));
  for await (const _ of mapConcurrent([0, 1, 2], fn)) break;
  await delay(15); // vitest reports an unhandled rejection as a failure
});

test.each([NaN, 0, -1, 1.5, '5' as never, null as never])('a concurrency of %s is refused', (concurrency) => {
  const error = catchError(() => mapConcurrent([], never, { concurrency }));
  expect(error).toBeInstanceOf(InvalidRequestError);
  expect(error).toMatchObject({ path: 'options.concurrency' });
});

test.each([5, null, undefined, {}])('a source that is %s is refused', (source) => {
  const error = catchError(() => mapConcurrent(source as never, never));
  expect(error).toBeInstanceOf(InvalidRequestError);
  expect(error).toMatchObject({ path: 'source' });
});

function catchError(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}
