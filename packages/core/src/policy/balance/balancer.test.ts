import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InvalidRequestError, ProviderError, RateLimitError, TimeoutError } from '../../errors/errors.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import type { BalanceOptions, BalanceStrategy } from './balance-options.ts';
import { type Balancer, createBalancer } from './balancer.ts';

const failure = new ProviderError('server', { status: 500 });

function setup(strategy: BalanceStrategy | undefined, weights: Record<string, number> = { a: 1, b: 1 }) {
  const clock = new FakeClock();
  const models = Object.entries(weights).map(([model, weight]) => ({ model, weight }));
  return { clock, balancer: createBalancer({ models, ...(strategy && { strategy }) }, { clock }) };
}

function first(balancer: Balancer): string {
  return balancer.order()[0] as string;
}

/** Makes so many calls one after the other, each as long as its model takes, and tells where they went. */
async function callsOf(balancer: Balancer, clock: FakeClock, calls: number, latencyMs: Record<string, number>) {
  const went: string[] = [];
  for (let call = 0; call < calls; call++) {
    await balancer.run((model) => {
      went.push(model);
      clock.skip(latencyMs[model] as number);
    });
  }
  return went;
}

test('weighted turns are spread evenly', () => {
  const { balancer } = setup(undefined, { a: 5, b: 1, c: 1 });
  const turns = Array.from({ length: 7 }, () => first(balancer));
  expect(turns).toEqual(['a', 'a', 'b', 'a', 'c', 'a', 'a']);
});

test('after any number of turns each model has had its share', () => {
  const weights = fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), { minLength: 1, maxLength: 5 });
  const property = fc.property(weights, fc.integer({ min: 1, max: 200 }), (weights, turns) => {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const { balancer } = setup('weighted', Object.fromEntries(weights.map((weight, index) => [`m${index}`, weight])));
    const had = Array.from({ length: turns }, () => first(balancer));
    for (const [index, weight] of weights.entries()) {
      const share = (turns * weight) / total;
      const count = had.filter((model) => model === `m${index}`).length;
      expect(Math.abs(count - share)).toBeLessThan(2);
    }
  });
  fc.assert(property);
});

test('an order holds every model once, whatever the strategy and what has happened', () => {
  const steps = fc.array(fc.constantFrom('start', 'succeed', 'fail', 'cancel', 'wait'), { maxLength: 60 });
  const strategy = fc.constantFrom<BalanceStrategy>('weighted', 'least-busy', 'lowest-latency');
  const property = fc.property(steps, strategy, (steps, strategy) => {
    const { balancer, clock } = setup(strategy, { a: 1, b: 2, c: 0.5 });
    const runs: ReturnType<Balancer['start']>[] = [];
    for (const step of steps) {
      if (step === 'wait') clock.skip(10_000);
      else if (step === 'start') runs.push(balancer.start(first(balancer)));
      else if (step === 'fail') runs.shift()?.fail(failure);
      else runs.shift()?.[step]();
      expect(balancer.order().sort()).toEqual(['a', 'b', 'c']);
    }
  });
  fc.assert(property);
});

test('the least busy comes first, busy for its weight', () => {
  const { balancer } = setup('least-busy', { big: 2, small: 1 });
  const started = Array.from({ length: 6 }, () => {
    const model = first(balancer);
    return { model, run: balancer.start(model) };
  });
  expect(started.filter(({ model }) => model === 'big')).toHaveLength(4);
  for (const { model, run } of started) if (model === 'small') run.cancel();
  expect(balancer.order()).toEqual(['small', 'big']);
});

test('where all are equally busy they take turns by weight', () => {
  const { balancer } = setup('least-busy', { big: 3, small: 1 });
  const turns = Array.from({ length: 8 }, () => first(balancer));
  expect(turns.filter((model) => model === 'big')).toHaveLength(6);
});

test('turns that a busy model could not take are not made up for later', () => {
  const { balancer } = setup('least-busy');
  const long = balancer.start('a');
  for (let call = 0; call < 100; call++) balancer.order();
  long.cancel();
  const turns = Array.from({ length: 10 }, () => first(balancer));
  expect(turns.filter((model) => model === 'a')).toHaveLength(5);
});

test('the fastest comes first once each has been tried', async () => {
  const { balancer, clock } = setup('lowest-latency', { slow: 1, fast: 1, middling: 1 });
  const went = await callsOf(balancer, clock, 20, { slow: 2_000, fast: 100, middling: 500 });
  expect(new Set(went.slice(0, 3))).toEqual(new Set(['slow', 'fast', 'middling']));
  expect(went.slice(3).every((model) => model === 'fast')).toBe(true);
  expect(balancer.order()).toEqual(['fast', 'middling', 'slow']);
});

test('a model that is being tried for the first time is not flooded', () => {
  const { balancer } = setup('lowest-latency');
  balancer.start('a').succeed(5_000);
  expect(first(balancer)).toBe('b');
  balancer.start('b');
  expect(first(balancer)).toBe('a');
});

test('the fastest does not take more than it can bear', () => {
  const { balancer } = setup('lowest-latency');
  balancer.start('a').succeed(100);
  balancer.start('b').succeed(250);
  for (const expected of ['a', 'a', 'b', 'a']) {
    expect(first(balancer)).toBe(expected);
    balancer.start(expected);
  }
});

test('of two that are equally fast the heavier one bears more', () => {
  const { balancer } = setup('lowest-latency', { light: 1, heavy: 3 });
  for (const model of ['light', 'heavy']) balancer.start(model).succeed(100);
  const went = Array.from({ length: 8 }, () => {
    const model = first(balancer);
    balancer.start(model);
    return model;
  });
  expect(went.filter((model) => model === 'heavy')).toHaveLength(6);
});

test('one that was slow once is tried again, and used again when it has recovered', async () => {
  const { balancer, clock } = setup('lowest-latency');
  await callsOf(balancer, clock, 2, { a: 5_000, b: 500 });
  const went = await callsOf(balancer, clock, 2_000, { a: 100, b: 500 });
  expect(went.indexOf('a')).toBeGreaterThan(20);
  expect(went.slice(-1_000).filter((model) => model === 'a').length).toBeGreaterThan(900);
});

test('one that stays slow is tried only now and then', async () => {
  const { balancer, clock } = setup('lowest-latency');
  const went = await callsOf(balancer, clock, 2_000, { a: 5_000, b: 500 });
  const tried = went.filter((model) => model === 'a').length;
  expect(tried).toBeGreaterThan(1);
  expect(tried).toBeLessThan(20);
});

test.each<[string, unknown]>([
  ['a failure of the server', failure],
  ['a rate limit', new RateLimitError('slow down', { status: 429 })],
])('%s makes nobody the fastest', (_, error) => {
  const { balancer } = setup('lowest-latency');
  balancer.start('a').fail(error);
  balancer.start('b').succeed(30_000);
  expect(balancer.order()).toEqual(['b', 'a']);
});

test('the fault of a request tells nothing of the model', () => {
  const { balancer, clock } = setup('lowest-latency');
  const run = balancer.start('a');
  clock.skip(50);
  run.fail(new InvalidRequestError('path', { status: 400 }));
  balancer.start('b').succeed(1);
  expect(first(balancer)).toBe('a'); // still to be tried
});

test('a call that ran into its deadline took at least that long', () => {
  const { balancer, clock } = setup('lowest-latency');
  const run = balancer.start('a');
  clock.skip(2_000);
  run.fail(new TimeoutError('late', { phase: 'total', timeoutMs: 2_000 }));
  balancer.start('b').succeed(1_900);
  expect(first(balancer)).toBe('b');
  balancer.start('b').succeed(10_000);
  expect(first(balancer)).toBe('a');
});

test('a run ends once', () => {
  const { balancer } = setup('least-busy');
  const run = balancer.start('a');
  run.cancel();
  run.fail(failure);
  balancer.start('a');
  expect(first(balancer)).toBe('b');
});

test('a latency that is no duration is ignored', () => {
  const { balancer } = setup('lowest-latency');
  balancer.start('a').succeed(Number.NaN);
  balancer.start('b').succeed(100);
  expect(first(balancer)).toBe('a');
  balancer.start('a').succeed(200);
  expect(balancer.order()).toEqual(['b', 'a']);
});

test('`run` gives the outcome of its task, and starts none under an aborted signal', async () => {
  const { balancer } = setup('lowest-latency', { a: 1 });
  expect(await balancer.run(async (model) => model)).toBe('a');
  await expect(balancer.run(() => Promise.reject(failure))).rejects.toBe(failure);
  await expect(balancer.run(() => 1, { signal: AbortSignal.abort('before') })).rejects.toBe('before');
});

test('an aborted `run` leaves a model as it was', async () => {
  const { balancer } = setup('lowest-latency');
  const controller = new AbortController();
  const leave = (model: string) => {
    expect(model).toBe('a');
    controller.abort();
    throw failure;
  };
  await balancer.run(leave, { signal: controller.signal }).catch(() => {});
  balancer.start('b').succeed(1);
  expect(first(balancer)).toBe('a');
});

test('a failed `run` speaks against its model', async () => {
  const { balancer } = setup('lowest-latency');
  await balancer.run(() => Promise.reject(failure)).catch(() => {});
  balancer.start('b').succeed(1_000);
  expect(first(balancer)).toBe('b');
});

test('a model that is not balanced cannot be started', () => {
  const { balancer } = setup('weighted');
  expect(() => balancer.start('c')).toThrow(InvalidRequestError);
});

test.each([
  [{ models: [] }, 'balance.models'],
  [{ models: 'a' }, 'balance.models'],
  [{}, 'balance.models'],
  [undefined, 'balance'],
  [{ models: ['a'] }, 'balance.models[0]'],
  [{ models: [{ model: 'a' }, { model: ' ' }] }, 'balance.models[1].model'],
  [{ models: [{ model: 'a' }, { model: 'a' }] }, 'balance.models[1].model'],
  [{ models: [{ model: 'a' }, { model: 'b', weight: 0 }] }, 'balance.models[1].weight'],
  [{ models: [{ model: 'a', weight: Number.NaN }] }, 'balance.models[0].weight'],
  [{ models: [{ model: 'a', weight: Infinity }] }, 'balance.models[0].weight'],
  [{ models: [{ model: 'a', wieght: 2 }] }, 'balance.models[0].wieght'],
  [{ models: [{ model: 'a' }], strategy: 'random' }, 'balance.strategy'],
  [{ models: [{ model: 'a' }], stategy: 'weighted' }, 'balance.stategy'],
])('%j is refused', (options, path) => {
  const create = () => createBalancer(options as BalanceOptions);
  expect(create).toThrow(expect.objectContaining({ code: 'invalid_request', path }));
});
