import { QuotaExceededError } from '../../errors/errors.ts';
import { invalidField } from '../../errors/invalid-field.ts';

/** A bound on what is spent: by one call with all its attempts, or by all calls of a client. */
export type BudgetOptions = { per: 'call' | 'client' } & (
  | { /** Tokens in and out. */ maxTokens: number; maxCost?: never }
  | {
      /** In the currency of `prices`, which then has to have every model that is asked. */ maxCost: number;
      maxTokens?: never;
    }
);

/** `BudgetOptions` that have been checked. */
export interface BudgetSettings {
  per: 'call' | 'client';
  unit: 'tokens' | 'cost';
  max: number;
  /** For messages: `budgets[0].maxCost`. */
  path: string;
}

/** @throws InvalidRequestError with the path of a wrong setting */
export function parseBudgets(budgets: unknown): BudgetSettings[] {
  if (!Array.isArray(budgets)) throw invalidField('budgets', 'must be an array of budgets');
  return budgets.map((budget: unknown, at) => parseBudget(Object(budget), `budgets[${at}]`));
}

function parseBudget({ per, maxTokens, maxCost, ...rest }: Record<string, unknown>, path: string): BudgetSettings {
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined)
    throw invalidField(`${path}.${unknown}`, 'is not known; a budget has per, maxTokens, maxCost');
  if (per !== 'call' && per !== 'client') throw invalidField(`${path}.per`, 'must be "call" or "client"');
  if ((maxTokens === undefined) === (maxCost === undefined)) {
    throw invalidField(path, 'must have one of `maxTokens` and `maxCost`');
  }
  const name = maxTokens === undefined ? 'maxCost' : 'maxTokens';
  const max = maxTokens ?? maxCost;
  if (typeof max !== 'number' || !(max >= 0)) throw invalidField(`${path}.${name}`, 'must be a number of at least 0');
  return { per, unit: maxTokens === undefined ? 'cost' : 'tokens', max, path: `${path}.${name}` };
}

/** How much of a budget is gone. What is under way counts as it may become, what has ended as it was. */
export class Budget {
  readonly settings: BudgetSettings;
  #spent = 0;
  #reserved = 0;

  constructor(settings: BudgetSettings) {
    this.settings = settings;
  }

  get spent(): number {
    return this.#spent;
  }

  fits(amount: number): boolean {
    return this.#spent + this.#reserved + amount <= this.settings.max;
  }

  reserve(amount: number): void {
    this.#reserved += amount;
  }

  /** @param used what it came to, which may be more than was reserved */
  settle(reserved: number, used: number): void {
    this.#reserved -= reserved;
    this.#spent += used;
  }

  /** The call is not made, since it might go beyond. */
  refusal(amount: number, provider: string, model: string): QuotaExceededError {
    const { per, unit, max, path } = this.settings;
    const left = Math.max(0, max - this.#spent - this.#reserved);
    const what = unit === 'cost' ? 'cost' : 'use';
    const message =
      `${provider}: not sent, since it may ${what} ${shown(amount, unit)} and ${shown(left, unit)} of the ` +
      `${per}'s ${shown(max, unit)} are left (${path}); bound the answer by \`max_tokens\` or raise the budget`;
    return new QuotaExceededError(message, { provider, model });
  }
}

function shown(amount: number, unit: BudgetSettings['unit']): string {
  return unit === 'tokens' ? `${Math.ceil(amount)} tokens` : String(Number(amount.toPrecision(3)));
}
