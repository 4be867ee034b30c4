import { expect, test } from 'vitest';
import { Gcra } from './gcra.ts';

test('a burst passes at once, then one each interval', () => {
  const gcra = new Gcra(100, 3);
  const waits = Array.from({ length: 5 }, () => {
    const waitMs = gcra.waitMs(1_000);
    gcra.pass(1_000);
    return waitMs;
  });
  expect(waits).toEqual([0, 0, 0, 100, 200]);
});

test('an idle time gives the burst back, but not more', () => {
  const gcra = new Gcra(100, 2);
  gcra.pass(0);
  gcra.pass(0);
  expect([gcra.isIdle(199), gcra.isIdle(200)]).toEqual([false, true]);
  gcra.pass(10_000);
  gcra.pass(10_000);
  expect(gcra.waitMs(10_000)).toBe(100);
});

test('those before count one interval each, and one that is taken back none', () => {
  const gcra = new Gcra(100, 1);
  expect(gcra.waitMs(0, 3)).toBe(300);
  gcra.pass(0);
  gcra.unpass();
  expect(gcra.waitMs(0)).toBe(0);
});
