import { expect, test, vi } from 'vitest';
import { remember } from './remember.ts';

test('what has been asked before is not worked out again, `undefined` included', () => {
  const answer = vi.fn((text: string) => (text === '' ? undefined : text.length));
  const length = remember(answer);
  expect(['ab', 'ab', '', ''].map(length)).toEqual([2, 2, undefined, undefined]);
  expect(answer).toHaveBeenCalledTimes(2);
});

test('a failure is none to remember', () => {
  const answer = vi.fn(() => {
    throw new Error('no');
  });
  const remembered = remember(answer);
  expect(() => remembered('a')).toThrow('no');
  expect(() => remembered('a')).toThrow('no');
  expect(answer).toHaveBeenCalledTimes(2);
});

test('only so many answers are kept', () => {
  const answer = vi.fn((text: string) => text);
  const remembered = remember(answer, 1);
  for (const text of ['a', 'b', 'a', 'b']) expect(remembered(text)).toBe(text);
  expect(answer.mock.calls.flat()).toEqual(['a', 'b', 'b']);
});

test('answers of long texts are not kept', () => {
  const answer = vi.fn((text: string) => text.length);
  const length = remember(answer);
  for (const size of [256, 256, 257, 257]) expect(length('x'.repeat(size))).toBe(size);
  expect(answer).toHaveBeenCalledTimes(3);
});
