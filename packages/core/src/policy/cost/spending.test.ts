import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BudgetOptions, parseBudgets } from './budget.ts';
import { type Reservation, Spending } from './spending.ts';

const prices = { 'p/*': { input: 1_000_000, output: 1_000_000 } }; // a token costs 1

const estimate = (tokens: number) => ({ prompt_tokens: tokens, completion_tokens: 0 });
const used = (tokens: number) => ({ prompt_tokens: tokens, completion_tokens: 0, total_tokens: tokens });
const answered = { status: 200 };

test.each([
  ['maxTokens', { maxTokens: 100, per: 'client' }],
  ['maxCost', { maxCost: 100, per: 'client' }],
] as [string, BudgetOptions][])(
  '%s: whatever runs at once, it never goes beyond, and what is not used comes back',
  (_, budget) => {
    const step = fc.record({
      begin: fc.boolean(),
      tokens: fc.integer({ min: 0, max: 60 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const spending = new Spending({ prices, budgets: [budget] });
        const open: { reservation: Reservation; tokens: number }[] = [];
        let reserved = 0;
        for (const { begin, tokens, share } of steps) {
          const isRoom = spending.spent.tokens + reserved + tokens <= 100;
          if (begin) {
            const reserve = () => spending.openBill().reserve('p', 'm', estimate(tokens));
            if (isRoom) {
              open.push({ reservation: reserve(), tokens });
              reserved += tokens;
            } else expect(reserve).toThrow(expect.objectContaining({ code: 'quota_exceeded' }));
          } else {
            const ended = open.shift();
            if (!ended) continue;
            const usage = used(Math.floor(ended.tokens * share));
            ended.reservation.settle({ error: undefined, answer: answered, usage });
            reserved -= ended.tokens;
          }
          expect(spending.spent.tokens + reserved).toBeLessThanOrEqual(100);
        }
      }),
    );
  },
);

test('a refusal says what it would take, what is left, and what to do', () => {
  const spending = new Spending({ prices, budgets: [{ maxCost: 2.5, per: 'client' }] });
  expect(() => spending.openBill().reserve('p', 'm', estimate(3))).toThrow(
    "p: not sent, since it may cost 3 and 2.5 of the client's 2.5 are left (budgets[0].maxCost); bound the answer by `max_tokens` or raise the budget",
  );
});

test('a budget in money needs a price', () => {
  const spending = new Spending({ budgets: [{ maxCost: 1, per: 'call' }] });
  expect(() => spending.openBill().reserve('p', 'm', estimate(1))).toThrow(
    '`prices` say nothing of p/m, so that its cost cannot be held to `budgets[0].maxCost`; add it (with 0, if it is free)',
  );
});

test('a budget per call is that of all its attempts, and each call has its own', () => {
  const spending = new Spending({ budgets: [{ maxTokens: 10, per: 'call' }] });
  const bill = spending.openBill();
  const outcome = { error: new Error('cut'), answer: answered, usage: used(6) };
  bill.reserve('p', 'm', estimate(8)).settle(outcome);
  expect(() => bill.reserve('p', 'm', estimate(8))).toThrow("4 tokens of the call's 10 tokens are left");
  expect(() => spending.openBill().reserve('p', 'm', estimate(8))).not.toThrow();
});

test.each([
  ['one that the server refused is free', { error: new Error('429'), answer: { status: 429 } }, 0],
  ['one that never got an answer is free', { error: new Error('reset'), answer: undefined }, 0],
  ['one that broke off without usage counts as was reserved', { error: new Error('cut'), answer: answered }, 8],
  ['one without usage counts as was reserved', { error: undefined, answer: answered }, 8],
])('of attempts, %s', (_, outcome, counted) => {
  const spending = new Spending({ budgets: [{ maxTokens: 10, per: 'client' }] });
  spending
    .openBill()
    .reserve('p', 'm', estimate(8))
    .settle({ ...outcome, usage: undefined });
  const fits = (tokens: number) => () => spending.openBill().reserve('p', 'm', estimate(tokens));
  expect(fits(10 - counted)).not.toThrow();
});

test('what is not known makes the cost of the call absent and is counted apart', () => {
  const spending = new Spending({ prices });
  const bill = spending.openBill();
  bill.reserve('p', 'm', estimate(1)).settle({ error: undefined, answer: answered, usage: used(2) });
  expect(bill.cost).toBe(2);
  bill.reserve('q', 'm', estimate(1)).settle({ error: undefined, answer: answered, usage: used(2) });
  expect(bill.cost).toBeUndefined();
  expect(spending.spent).toEqual({ tokens: 4, cost: 2, unpriced: 1 });
});

test.each([
  [{}, 'budgets'],
  [[{ maxCost: 1 }], 'budgets[0].per'],
  [[{ per: 'client' }], 'budgets[0]'],
  [[{ per: 'client', maxCost: 1, maxTokens: 1 }], 'budgets[0]'],
  [[{ per: 'client', maxCost: -1 }], 'budgets[0].maxCost'],
  [[{ per: 'client', maxToken: 1 }], 'budgets[0].maxToken'],
])('%j is refused with the path of what is wrong', (budgets, path) => {
  expect(() => parseBudgets(budgets)).toThrow(expect.objectContaining({ code: 'invalid_request', path }));
});
