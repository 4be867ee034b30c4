import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { AuthenticationError, InvalidRequestError, ProviderError, RateLimitError } from '../../errors/errors.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import type { CircuitBreakerOptions } from './breaker-options.ts';
import type { CircuitBreaker, Permit, Refusal } from './circuit-breaker.ts';
import { createCircuitBreaker } from './create-circuit-breaker.ts';

const failure = new ProviderError('server', { status: 500 });

function setup(options: CircuitBreakerOptions = {}) {
  const clock = new FakeClock();
  const context = { clock, random: () => 0, provider: 'openai', model: 'gpt-4o' };
  return { clock, breaker: createCircuitBreaker(options, context) };
}

function enter(breaker: CircuitBreaker): Permit {
  const entry = breaker.tryEnter();
  if (!entry.allowed) throw entry.toError();
  return entry;
}

function refusal(breaker: CircuitBreaker): Refusal {
  const entry = breaker.tryEnter();
  if (entry.allowed) throw new Error('the circuit let a call through');
  return entry;
}

function fail(breaker: CircuitBreaker, times: number): void {
  for (let call = 0; call < times; call++) enter(breaker).fail(failure);
}

function succeed(breaker: CircuitBreaker, times: number): void {
  for (let call = 0; call < times; call++) enter(breaker).succeed();
}

test('it opens at the ratio, not before', () => {
  const { breaker } = setup();
  succeed(breaker, 6);
  fail(breaker, 5);
  expect(breaker.state).toBe('closed');
  fail(breaker, 1);
  expect(breaker.state).toBe('open');
});

test('fewer calls than the minimum open nothing', () => {
  const { breaker } = setup();
  fail(breaker, 9);
  expect(breaker.state).toBe('closed');
  fail(breaker, 1);
  expect(breaker.state).toBe('open');
});

test('failures longer ago than the window are forgotten', () => {
  const { breaker, clock } = setup();
  fail(breaker, 9);
  clock.skip(30_000);
  fail(breaker, 9);
  expect(breaker.state).toBe('closed');
});

test('the refusal tells what happened and when to come back', () => {
  const { breaker, clock } = setup();
  succeed(breaker, 8);
  fail(breaker, 8);
  clock.skip(200);
  const { retryAfterMs, toError } = refusal(breaker);
  expect(retryAfterMs).toBe(800);
  expect(toError()).toMatchObject({
    message: 'openai/gpt-4o: skipped, its circuit is open after 8 of 16 calls failed; next try in 800 ms',
    ...{ code: 'overloaded', provider: 'openai', model: 'gpt-4o', retryable: true, retryAfterMs: 800 },
  });
});

test('caller errors, rate limits and aborts do not open it', () => {
  const { breaker } = setup();
  for (let call = 0; call < 50; call++) {
    enter(breaker).fail(new AuthenticationError('key', { status: 401 }));
    enter(breaker).fail(new RateLimitError('slow down', { status: 429 }));
    enter(breaker).fail(new InvalidRequestError('path'));
    enter(breaker).cancel();
  }
  expect(breaker.state).toBe('closed');
});

test('calls that did not reach the server do not count at all', () => {
  const { breaker } = setup();
  for (let call = 0; call < 50; call++) {
    enter(breaker).fail(new InvalidRequestError('path'));
    enter(breaker).cancel();
  }
  fail(breaker, 10);
  expect(breaker.state).toBe('open');
});

test('after the hold exactly one of many callers may try', () => {
  const { breaker, clock } = setup();
  fail(breaker, 10);
  clock.skip(999);
  expect(breaker.tryEnter().allowed).toBe(false);
  clock.skip(1);
  const entries = Array.from({ length: 20 }, () => breaker.tryEnter());
  expect(entries.filter(({ allowed }) => allowed)).toHaveLength(1);
  expect(entries[0]?.allowed).toBe(true);
  expect(breaker.state).toBe('half-open');
});

test('a probe that succeeds closes it as if nothing had been', () => {
  const { breaker, clock } = setup();
  fail(breaker, 10);
  clock.skip(1_000);
  succeed(breaker, 1);
  expect(breaker.state).toBe('closed');
  fail(breaker, 9);
  expect(breaker.state).toBe('closed');
});

test('an answer to the probe is enough, though it be a rate limit', () => {
  const { breaker, clock } = setup();
  fail(breaker, 10);
  clock.skip(1_000);
  enter(breaker).fail(new RateLimitError('slow down', { status: 429 }));
  expect(breaker.state).toBe('closed');
});

test('the hold doubles with each failed probe up to its maximum, and a success resets it', () => {
  const { breaker, clock } = setup({ maxHoldMs: 5_000 });
  const holds: number[] = [];
  fail(breaker, 10);
  for (let probe = 0; probe < 5; probe++) {
    holds.push(refusal(breaker).retryAfterMs);
    clock.skip(refusal(breaker).retryAfterMs);
    fail(breaker, 1);
  }
  expect(holds).toEqual([1_000, 2_000, 4_000, 5_000, 5_000]);
  clock.skip(5_000);
  succeed(breaker, 1);
  fail(breaker, 10);
  expect(refusal(breaker).retryAfterMs).toBe(1_000);
});

test('random clients do not probe at the same time', () => {
  const clock = new FakeClock();
  const breaker = createCircuitBreaker({}, { clock, random: () => 0.5 });
  fail(breaker, 10);
  expect(refusal(breaker).retryAfterMs).toBe(900);
});

test('a probe that is cancelled frees its place at once', () => {
  const { breaker, clock } = setup();
  fail(breaker, 10);
  clock.skip(1_000);
  enter(breaker).cancel();
  expect(breaker.state).toBe('half-open');
  expect(breaker.tryEnter().allowed).toBe(true);
  expect(breaker.tryEnter().allowed).toBe(false);
});

test('while a probe is under way the others are told to come back soon', () => {
  const { breaker, clock } = setup();
  fail(breaker, 10);
  clock.skip(1_000);
  enter(breaker);
  expect(refusal(breaker).retryAfterMs).toBe(1_000);
  clock.skip(59_500);
  expect(refusal(breaker).retryAfterMs).toBe(500);
});

test('a probe that never ends is not waited for, and its late success still closes', () => {
  const { breaker, clock } = setup();
  fail(breaker, 10);
  clock.skip(1_000);
  const slow = enter(breaker);
  clock.skip(60_000);
  enter(breaker);
  slow.succeed();
  expect(breaker.state).toBe('closed');
});

test('a probe that gave its place away cannot free it', () => {
  const { breaker, clock } = setup();
  fail(breaker, 10);
  clock.skip(1_000);
  const slow = enter(breaker);
  clock.skip(60_000);
  enter(breaker);
  slow.cancel();
  expect(breaker.tryEnter().allowed).toBe(false);
});

test('calls from before it opened neither close it nor open it longer', () => {
  const { breaker, clock } = setup();
  const [early, earlier] = [enter(breaker), enter(breaker)];
  fail(breaker, 10);
  early.succeed();
  earlier.fail(failure);
  expect(breaker.state).toBe('open');
  expect(refusal(breaker).retryAfterMs).toBe(1_000);
  clock.skip(1_000);
  succeed(breaker, 1);
});

test('a permit ends once', () => {
  const { breaker } = setup({ minimumCalls: 2 });
  const permit = enter(breaker);
  permit.fail(failure);
  permit.fail(failure);
  expect(breaker.state).toBe('closed');
});

test('a single target is never locked out for good, and only one call at a time probes', () => {
  const ends = fc.constantFrom('succeed', 'fail', 'cancel', 'forget');
  const step = fc.record({ afterMs: fc.integer({ min: 0, max: 5_000 }), end: ends, late: fc.boolean() });
  const property = fc.property(fc.array(step, { maxLength: 80 }), fc.integer({ min: 1, max: 5 }), (steps, minimum) => {
    const { breaker, clock } = setup({ minimumCalls: minimum, holdMs: 100, maxHoldMs: 3_000 });
    const open: { permit: Permit; end: string }[] = [];
    const settle = ({ permit, end }: { permit: Permit; end: string }) => {
      if (end === 'succeed') permit.succeed();
      if (end === 'fail') permit.fail(failure);
      if (end === 'cancel') permit.cancel();
    };
    for (const { afterMs, end, late } of steps) {
      clock.skip(afterMs);
      const waiting = open.shift();
      if (waiting) settle(waiting);
      const closed = breaker.state === 'closed';
      const entry = breaker.tryEnter();
      if (!entry.allowed) {
        expect(entry.retryAfterMs).toBeGreaterThan(0);
        expect(entry.retryAfterMs).toBeLessThanOrEqual(3_000);
        continue;
      }
      if (!closed) expect(breaker.tryEnter().allowed).toBe(false);
      if (late) open.push({ permit: entry, end });
      else settle({ permit: entry, end });
    }
    clock.skip(3_000);
    expect(breaker.tryEnter().allowed).toBe(true);
  });
  fc.assert(property, { numRuns: 300 });
});

test('`run` counts how tasks end and fails fast when open', async () => {
  const { breaker, clock } = setup();
  const task = vi.fn(() => Promise.reject(failure));
  for (let call = 0; call < 10; call++) await expect(breaker.run(task)).rejects.toBe(failure);
  await expect(breaker.run(task)).rejects.toMatchObject({ code: 'overloaded', retryAfterMs: 1_000 });
  expect(task).toHaveBeenCalledTimes(10);
  clock.skip(1_000);
  expect(await breaker.run(() => 'well')).toBe('well');
  expect(breaker.state).toBe('closed');
});

test('`run` does not count what an aborted task throws, and frees the probe', async () => {
  const { breaker, clock } = setup();
  fail(breaker, 10);
  clock.skip(1_000);
  const signal = AbortSignal.abort();
  await expect(breaker.run(() => Promise.reject(failure), { signal })).rejects.toBe(failure);
  expect(breaker.tryEnter().allowed).toBe(true);
});

test('another notion of failure can be given', () => {
  const { breaker } = setup({ minimumCalls: 1, countsAsFailure: RateLimitError.isInstance.bind(RateLimitError) });
  fail(breaker, 20);
  expect(breaker.state).toBe('closed');
  for (let call = 0; call < 20; call++) enter(breaker).fail(new RateLimitError('slow down', { status: 429 }));
  expect(breaker.state).toBe('open');
});

test('it is idle when it knows nothing', () => {
  const { breaker, clock } = setup({ minimumCalls: 1 });
  expect(breaker.idle).toBe(true);
  succeed(breaker, 1);
  expect(breaker.idle).toBe(false);
  clock.skip(30_000);
  expect(breaker.idle).toBe(true);
  fail(breaker, 1);
  clock.skip(90_000);
  expect(breaker.idle).toBe(false);
});

test('a breaker without a name calls its task so', () => {
  const breaker = createCircuitBreaker({ minimumCalls: 1 });
  fail(breaker, 1);
  expect(refusal(breaker).toError().message).toMatch(
    /^the task: skipped, .* after 1 of 1 calls failed; next try in \d+ ms$/,
  );
});

test.each([
  [{ failureRatio: 0 }, 'breaker.failureRatio'],
  [{ failureRatio: 1.1 }, 'breaker.failureRatio'],
  [{ minimumCalls: 0 }, 'breaker.minimumCalls'],
  [{ minimumCalls: 2.5 }, 'breaker.minimumCalls'],
  [{ windowMs: Number.NaN }, 'breaker.windowMs'],
  [{ holdMs: -1 }, 'breaker.holdMs'],
  [{ maxHoldMs: Infinity }, 'breaker.maxHoldMs'],
  [{ holdMs: 90_000 }, 'breaker.maxHoldMs'],
  [{ countsAsFailure: true }, 'breaker.countsAsFailure'],
  [{ threshold: 5 }, 'breaker.threshold'],
  [7, 'breaker'],
])('%j is refused', (options, path) => {
  const create = () => createCircuitBreaker(options as CircuitBreakerOptions);
  expect(create).toThrow(expect.objectContaining({ code: 'invalid_request', path }));
});
