import { InvalidRequestError } from '../../errors/errors.ts';
import type { AttemptOutcome } from '../attempt.ts';
import type { EstimatedUsage } from '../limits/estimate-usage.ts';
import { sumOf } from '../limits/estimate-usage.ts';
import { Budget, type BudgetOptions, type BudgetSettings, parseBudgets } from './budget.ts';
import { costOf, type ModelPrice, Prices, type PriceTable } from './price-table.ts';

export interface SpendingSettings {
  prices?: PriceTable | undefined;
  budgets?: readonly BudgetOptions[] | undefined;
}

/** What a client's calls have used so far. Those under way are not in it. */
export interface Spent {
  tokens: number;
  /** Of the calls whose cost is known. */
  cost: number;
  /** How many attempts were answered whose cost is not known: they are not in `cost`. */
  unpriced: number;
}

/** The account of a client: what its calls cost, and whether the next one may still be made. */
export class Spending {
  readonly spent: Spent = { tokens: 0, cost: 0, unpriced: 0 };
  readonly #prices: Prices;
  readonly #ofClient: readonly Budget[];
  readonly #perCall: readonly BudgetSettings[];

  /** @throws InvalidRequestError with the path of a wrong price or budget */
  constructor({ prices = {}, budgets = [] }: SpendingSettings) {
    this.#prices = new Prices(prices);
    const settings = parseBudgets(budgets);
    this.#ofClient = settings.filter(({ per }) => per === 'client').map((one) => new Budget(one));
    this.#perCall = settings.filter(({ per }) => per === 'call');
  }

  /** For one call with all its attempts. */
  openBill(): Bill {
    const budgets = [...this.#ofClient, ...this.#perCall.map((settings) => new Budget(settings))];
    return new Bill(this.#prices, budgets, this.spent);
  }
}

export class Bill {
  /** Of the attempts so far; absent while none has ended, or when one has whose cost is not known. */
  cost: number | undefined;
  readonly #prices: Prices;
  readonly #budgets: readonly Budget[];
  readonly #spent: Spent;
  #isKnown = true;

  constructor(prices: Prices, budgets: readonly Budget[], spent: Spent) {
    this.#prices = prices;
    this.#budgets = budgets;
    this.#spent = spent;
  }

  /**
   * Sets aside what an attempt may use, in every budget or in none.
   * @throws QuotaExceededError when it does not fit; InvalidRequestError when a budget is in money and there is no price
   */
  reserve(provider: string, model: string, estimate: EstimatedUsage): Reservation {
    const price = this.#prices.of(provider, model);
    const amounts = this.#budgets.map((budget) => amountIn(budget, estimate, price, `${provider}/${model}`));
    this.#budgets.forEach((budget, at) => {
      const amount = amounts[at] as number;
      if (!budget.fits(amount)) throw budget.refusal(amount, provider, model);
    });
    this.#budgets.forEach((budget, at) => {
      budget.reserve(amounts[at] as number);
    });
    return new Reservation(this, this.#budgets, amounts, price);
  }

  /** @param cost of an attempt that was answered; `undefined`: not known */
  add(tokens: number, cost: number | undefined): void {
    this.#spent.tokens += tokens;
    if (cost === undefined) {
      this.#isKnown = false;
      this.#spent.unpriced++;
    } else {
      this.#spent.cost += cost;
    }
    this.cost = this.#isKnown ? (this.cost ?? 0) + (cost ?? 0) : undefined;
  }
}

/** What one attempt may use, until it is known what it did use. */
export class Reservation {
  readonly #bill: Bill;
  readonly #budgets: readonly Budget[];
  readonly #amounts: readonly number[];
  readonly #price: ModelPrice | undefined;

  constructor(bill: Bill, budgets: readonly Budget[], amounts: readonly number[], price: ModelPrice | undefined) {
    this.#bill = bill;
    this.#budgets = budgets;
    this.#amounts = amounts;
    this.#price = price;
  }

  /** The attempt was not made. */
  cancel(): void {
    this.#settle(() => 0);
  }

  /**
   * By the usage that the answer states. Where it states none, an attempt that the server had begun to answer counts as
   * was reserved, since it may be billed; any other is free.
   */
  settle({ error, answer, usage }: Pick<AttemptOutcome, 'error' | 'answer' | 'usage'>): void {
    const isAnswered = error === undefined || (answer !== undefined && answer.status < 300);
    if (!isAnswered && !usage) {
      this.cancel();
      return;
    }
    const cost = costOf(usage, this.#price);
    this.#settle((budget, reserved) => (budget.settings.unit === 'cost' ? cost : usage?.total_tokens) ?? reserved);
    this.#bill.add(usage?.total_tokens ?? 0, cost);
  }

  #settle(used: (budget: Budget, reserved: number) => number): void {
    this.#budgets.forEach((budget, at) => {
      const reserved = this.#amounts[at] as number;
      budget.settle(reserved, used(budget, reserved));
    });
  }
}

function amountIn(
  { settings }: Budget,
  estimate: EstimatedUsage,
  price: ModelPrice | undefined,
  model: string,
): number {
  if (settings.unit === 'tokens') return sumOf(estimate);
  const cost = costOf(estimate, price);
  if (cost !== undefined) return cost;
  const message = `\`prices\` say nothing of ${model}, so that its cost cannot be held to \`${settings.path}\`; add it (with 0, if it is free)`;
  throw new InvalidRequestError(message, { path: 'prices' });
}
