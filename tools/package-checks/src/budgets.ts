/** What core and one provider may weigh. They only go up with a reason in the change that does it. */
export const budgets = {
  /** core, kit and provider; undici is the only one of others. */
  packages: 4,
  /** 2.2 are undici, the rest our code and declarations. Source maps are left out: the code is not minified. */
  mebibytes: 3.2,
  /** Of what one completion loads without undici. */
  gzipBytes: 25_000,
};

export interface Measured {
  packages: number;
  mebibytes: number;
  gzipBytes: number;
}

/** One line for each budget that is exceeded. */
export function overBudget(measured: Measured): string[] {
  const names = Object.keys(budgets) as (keyof Measured)[];
  return names
    .filter((name) => measured[name] > budgets[name])
    .map((name) => `${name}: ${measured[name]}, the budget is ${budgets[name]}`);
}
