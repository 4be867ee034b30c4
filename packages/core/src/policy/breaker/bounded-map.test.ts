import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BoundedMap } from './bounded-map.ts';

test('a key has its value for as long as it is kept', () => {
  const map = new BoundedMap<object>(2);
  const first = map.getOrCreate('a', () => ({}));
  expect(map.getOrCreate('a', () => ({}))).toBe(first);
});

test('the value that was not asked for the longest is dropped', () => {
  const map = new BoundedMap<string>(2);
  for (const key of ['a', 'b', 'a', 'c']) map.getOrCreate(key, () => `first ${key}`);
  expect(map.getOrCreate('a', () => 'again')).toBe('first a');
  expect(map.getOrCreate('b', () => 'again')).toBe('again');
});

test('a value in use stays while an idle one can go', () => {
  const map = new BoundedMap<{ idle: boolean }>(2, ({ idle }) => idle);
  const busy = map.getOrCreate('busy', () => ({ idle: false }));
  for (const key of ['a', 'b', 'c']) map.getOrCreate(key, () => ({ idle: true }));
  expect(map.getOrCreate('busy', () => ({ idle: true }))).toBe(busy);
});

test('it never holds more than its limit', () => {
  const keys = fc.array(fc.integer({ min: 0, max: 20 }));
  const property = fc.property(keys, fc.integer({ min: 1, max: 5 }), (keys, limit) => {
    const map = new BoundedMap<{ idle: boolean }>(limit, ({ idle }) => idle);
    for (const key of keys) {
      map.getOrCreate(String(key), () => ({ idle: key % 2 === 0 }));
      expect(map.size).toBeLessThanOrEqual(limit);
    }
  });
  fc.assert(property);
});
