import { planCases } from './plan-cases.ts';
import { runCase } from './run-cases.ts';
import type { SuiteSettings } from './suite-settings.ts';

/** The `test` of Vitest, of `node:test`, of Jest, of Bun: a title, a function and how many milliseconds it may take. */
export interface TestFunction {
  (title: string, run: () => Promise<void>, timeoutMs?: number): unknown;
  /** Shows a case without running it. Absent: it is shown as one that passes. */
  skip?: (title: string, run: () => Promise<void>) => unknown;
}

/** The settings of the suite, and the runner that the cases are registered with. */
export interface TestProviderSettings extends SuiteSettings {
  test: TestFunction;
}

/** Jest and Vitest give up after 5 seconds; a few cases move some megabytes, and machines are slow. */
const timeoutMs = 60_000;

/**
 * Registers the suite's cases with a test runner, each under its id. Skipped cases show with their reason.
 *
 * @example
 * testProvider({ test, createProvider: createAcme, simulate: 'openai' });
 */
export function testProvider({ test, ...settings }: TestProviderSettings): void {
  const plan = planCases(settings);
  for (const { case: each, skipReason } of plan.cases) {
    if (skipReason === undefined) test(each.id, () => runCase(each, plan, settings), timeoutMs);
    else skipWith(test)(`${each.id} (skipped: ${skipReason})`, async () => {});
  }
}

/** A runner without skips still shows the title. */
function skipWith(test: TestFunction): NonNullable<TestFunction['skip']> {
  return test.skip ? test.skip.bind(test) : test;
}
