import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TimeoutPhase } from '../contract/call-options.ts';
import type { Clock } from '../contract/provider.ts';
import { AttemptTimer } from './attempt-timer.ts';
import { defaultTimeLimits, type TimeLimits } from './time-limits.ts';

/** Time that passes only when a test says so. Timers come when they are due, or earlier by `earlyMs`. */
class FakeClock implements Clock {
  time = 1_000;
  earlyMs = 0;
  /** Whether the latest timer keeps the process alive. */
  held = true;
  readonly delays: number[] = [];
  readonly timers = new Map<symbol, { at: number; callback: () => void }>();

  now(): number {
    return this.time;
  }

  schedule(callback: () => void, delayMs: number, { hold = true } = {}): () => void {
    this.delays.push(delayMs);
    this.held = hold;
    const id = Symbol();
    this.timers.set(id, { at: Math.max(this.time, this.time + delayMs - this.earlyMs), callback });
    return () => this.timers.delete(id);
  }

  pass(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const due = [...this.timers].filter(([, { at }]) => at <= end).sort((a, b) => a[1].at - b[1].at)[0];
      if (!due) break;
      this.timers.delete(due[0]);
      this.time = Math.max(this.time, due[1].at);
      due[1].callback();
      // A timer that sets itself again for the same instant would spin here: real time moves on.
      if (this.earlyMs > 0) this.time += 0.25;
    }
    this.time = Math.max(this.time, end);
  }
}

const off: TimeLimits = {
  total: Number.POSITIVE_INFINITY,
  attempt: Number.POSITIVE_INFINITY,
  connect: Number.POSITIVE_INFINITY,
  headers: Number.POSITIVE_INFINITY,
  firstToken: Number.POSITIVE_INFINITY,
  idle: Number.POSITIVE_INFINITY,
};

function start(limits: Partial<TimeLimits>, streamed = true, callStartedAt = 1_000) {
  const clock = new FakeClock();
  const fired: { phase: TimeoutPhase; at: number }[] = [];
  const onTimeout = (phase: TimeoutPhase) => fired.push({ phase, at: clock.time - 1_000 });
  const timer = new AttemptTimer({ clock, limits: { ...off, ...limits }, callStartedAt, streamed, onTimeout });
  return { clock, timer, fired };
}

test.each<[TimeoutPhase, (timer: AttemptTimer) => void]>([
  ['total', () => {}],
  ['attempt', () => {}],
  ['connect', () => {}],
  ['headers', (timer) => timer.enter('headers')],
  ['firstToken', (timer) => timer.leavePhase()],
  ['idle', (timer) => timer.enter('idle')],
])('%s fires at its time and not before', (phase, reach) => {
  const { clock, timer, fired } = start({ [phase]: 100 });
  reach(timer);
  clock.pass(99.9);
  expect(fired).toEqual([]);
  clock.pass(1);
  expect(fired).toEqual([{ phase, at: 100 }]);
});

test('a phase that is over does not fire', () => {
  const { clock, timer, fired } = start({ connect: 10, headers: 10, firstToken: 10, idle: 10 });
  clock.pass(5);
  timer.enter('headers');
  clock.pass(4);
  timer.leavePhase();
  timer.firstTokenArrived();
  clock.pass(1_000);
  expect(fired).toEqual([]);
});

test('the wider limit is named when two fall due together', () => {
  const { clock, fired } = start({ total: 50, attempt: 50, firstToken: 50, connect: 50 });
  clock.pass(50);
  expect(fired.map(({ phase }) => phase)).toEqual(['total']);
});

test('a whole answer has no first token to wait for', () => {
  const { clock, fired } = start({ firstToken: 10 }, false);
  clock.pass(1_000);
  expect(fired).toEqual([]);
});

test('the total counts from the start of the call, the rest from that of the attempt', () => {
  const { clock, fired } = start({ total: 100, attempt: 90 }, true, 930);
  clock.pass(29);
  expect(fired).toEqual([]);
  clock.pass(1);
  expect(fired).toEqual([{ phase: 'total', at: 30 }]);
});

test('time that was used before counts', () => {
  const { clock, timer, fired } = start({ idle: 100 });
  timer.enter('idle', 70);
  clock.pass(29);
  expect(fired).toEqual([]);
  clock.pass(1);
  expect(fired).toEqual([{ phase: 'idle', at: 30 }]);
});

test('a phase whose time was used up before fires at once, with no negative delay', () => {
  const { clock, timer, fired } = start({ idle: 100 });
  timer.enter('idle', 150);
  clock.pass(0);
  expect(fired).toEqual([{ phase: 'idle', at: 0 }]);
  expect(Math.min(...clock.delays)).toBeGreaterThanOrEqual(0);
});

test('a timer is set anew only for an earlier time', () => {
  const { clock, timer } = start({ total: 1_000, connect: 100, headers: 500, idle: 500 });
  for (let event = 0; event < 50; event += 1) {
    clock.pass(1);
    timer.enter('idle');
    timer.leavePhase();
  }
  expect(clock.delays).toEqual([100]);
  expect(clock.timers.size).toBe(1);
});

test('a timer that comes too early waits for the rest', () => {
  const clock = new FakeClock();
  clock.earlyMs = 1;
  const fired: number[] = [];
  const limits = { ...off, total: 20 };
  const onTimeout = () => fired.push(clock.time);
  new AttemptTimer({ clock, limits, callStartedAt: 1_000, streamed: false, onTimeout });
  clock.pass(19);
  expect(fired).toEqual([]);
  clock.pass(3);
  expect(fired).toHaveLength(1);
  expect(fired[0]).toBeGreaterThanOrEqual(1_020);
});

test('a limit beyond what a timer can hold is waited for in steps', () => {
  const days60 = 60 * 86_400_000;
  const { clock, fired } = start({ total: days60 });
  clock.pass(days60 - 1);
  expect(fired).toEqual([]);
  expect(Math.max(...clock.delays)).toBeLessThan(2 ** 31);
  clock.pass(1);
  expect(fired).toEqual([{ phase: 'total', at: days60 }]);
});

test('without limits there is no timer', () => {
  const { clock, timer } = start({});
  timer.enter('headers');
  timer.enter('idle');
  expect(clock.timers.size).toBe(0);
});

test('let go, the limits still hold, but not the process', () => {
  const { clock, timer, fired } = start({ total: 100, idle: 50 });
  expect(clock.held).toBe(true);
  timer.letGo();
  expect([clock.held, clock.timers.size]).toEqual([false, 1]);
  timer.enter('idle');
  expect([clock.held, clock.timers.size]).toEqual([false, 1]);
  clock.pass(50);
  expect(fired).toEqual([{ phase: 'idle', at: 50 }]);
});

test('stopped, it leaves nothing behind, however often', () => {
  const { clock, timer, fired } = start(defaultTimeLimits);
  timer.stop();
  timer.stop();
  clock.pass(10_000_000);
  expect([clock.timers.size, fired]).toEqual([0, []]);
});

test('let go, the limits still hold, but not the process', () => {
  const { clock, timer, fired } = start({ total: 100, idle: 50 });
  expect(clock.held).toBe(true);
  timer.letGo();
  expect([clock.held, clock.timers.size]).toEqual([false, 1]);
  timer.enter('idle');
  expect([clock.held, clock.timers.size]).toEqual([false, 1]);
  clock.pass(50);
  expect(fired).toEqual([{ phase: 'idle', at: 50 }]);
});

test('whatever happens, there is at most one timer, none fires early, and the total is kept', () => {
  const limit = fc.oneof(fc.integer({ min: 1, max: 200 }), fc.constant(Number.POSITIVE_INFINITY));
  const limits = fc.record({ total: limit, attempt: limit, connect: limit, headers: limit, firstToken: limit, idle: limit }); // biome-ignore format: one line
  const step = fc.record({
    act: fc.constantFrom('headers', 'idle', 'leave', 'token'),
    wait: fc.integer({ min: 0, max: 60 }),
  });
  fc.assert(
    fc.property(limits, fc.array(step, { maxLength: 20 }), (limits, steps) => {
      const { clock, timer, fired } = start(limits);
      for (const { act, wait } of steps) {
        if (act === 'headers' || act === 'idle') timer.enter(act);
        else if (act === 'leave') timer.leavePhase();
        else timer.firstTokenArrived();
        expect(clock.timers.size).toBeLessThanOrEqual(1);
        clock.pass(wait);
        if (fired.length > 0) break;
      }
      const { phase, at } = fired[0] ?? {};
      if (phase !== undefined) expect(at).toBeGreaterThanOrEqual(limits[phase]);
      if (fired.length === 0) expect(clock.time - 1_000).toBeLessThan(limits.total);
    }),
  );
});
