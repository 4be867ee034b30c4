import { expect, test } from 'vitest';
import { AdaptiveLimit } from './adaptive-limit.ts';

const settings = { minimum: 1, initial: 10, decrease: 0.5 };

test('as many good answers as there are places make one more', () => {
  const limit = new AdaptiveLimit(settings, 100);
  for (let answer = 0; answer < 11; answer++) limit.succeed(100);
  expect(limit.current).toBe(11);
});

test('a good answer while places were free changes nothing', () => {
  const limit = new AdaptiveLimit(settings, 100);
  for (let answer = 0; answer < 1_000; answer++) limit.succeed(9);
  expect(limit.current).toBe(10);
});

test('the failures of one spike cut once, the next ones again', () => {
  const limit = new AdaptiveLimit(settings, 100);
  for (let call = 0; call < 10; call++) limit.fail(call, 100 + call);
  expect(limit.current).toBe(5);
  limit.fail(101, 300);
  expect(limit.current).toBe(2);
});

test('it stays between its bounds', () => {
  const limit = new AdaptiveLimit(settings, 12);
  for (let answer = 0; answer < 1_000; answer++) limit.succeed(12);
  expect(limit.current).toBe(12);
  for (let call = 0; call < 20; call++) limit.fail(call * 2 + 1, call * 2 + 1);
  expect(limit.current).toBe(1);
});
