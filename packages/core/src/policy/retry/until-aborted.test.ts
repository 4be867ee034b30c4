import { expect, test } from 'vitest';
import { listenerCount } from '../testing/listener-count.ts';
import { untilAborted } from './until-aborted.ts';

const bug = new Error('bug');

test.each<[string, () => unknown]>([
  ['a value', () => 1],
  ['a promise', async () => 1],
])('%s is the outcome', async (_, start) => {
  const { signal } = new AbortController();
  expect(await untilAborted(start, signal)).toBe(1);
  expect(listenerCount(signal)).toBe(0);
});

test.each<[string, () => never | Promise<never>]>([
  ['a rejection', () => Promise.reject(bug)],
  [
    'a throw',
    () => {
      throw bug;
    },
  ],
])('%s is a rejection, and nothing listens any more', async (_, start) => {
  const { signal } = new AbortController();
  await expect(untilAborted(start, signal)).rejects.toBe(bug);
  expect(listenerCount(signal)).toBe(0);
});

test('an abort does not wait for a task that ignores it', async () => {
  const controller = new AbortController();
  const promise = untilAborted(() => new Promise(() => {}), controller.signal);
  controller.abort('enough');
  await expect(promise).rejects.toBe('enough');
});
