import { inspect } from 'node:util';
import { Bench, suiteKey } from './bench/bench.ts';
import { within } from './bench/within.ts';
import type { Answer, Case } from './case.ts';
import type { Contents } from './contents.ts';
import { type Plan, planCases } from './plan-cases.ts';
import type { Content, Scenario } from './scenario.ts';
import type { SuiteSettings } from './suite-settings.ts';

/** What became of a case. Cases that do not concern the provider have no result. */
export interface CaseResult {
  id: string;
  status: 'passed' | 'failed' | 'skipped';
  /** Of a skip. */
  reason?: string;
  /** Of a failure. */
  error?: unknown;
}

/** For a case that hangs although every call in it has its limit. */
const caseLimitMs = 45_000;

/** Runs the suite without a test runner, one case after the other. */
export async function runCases(settings: SuiteSettings): Promise<CaseResult[]> {
  const plan = planCases(settings);
  const results: CaseResult[] = [];
  for (const { case: each, skipReason } of plan.cases) {
    if (skipReason !== undefined) results.push({ id: each.id, status: 'skipped', reason: skipReason });
    else results.push(await resultOf(each, plan, settings));
  }
  return results;
}

async function resultOf(each: Case, plan: Plan, settings: SuiteSettings): Promise<CaseResult> {
  try {
    await runCase(each, plan, settings);
    return { id: each.id, status: 'passed' };
  } catch (error) {
    return { id: each.id, status: 'failed', error };
  }
}

/** Runs one case on a server of its own. */
export async function runCase(each: Case, plan: Plan, settings: SuiteSettings): Promise<void> {
  const { capabilities, contents, responder } = plan;
  const { model = 'suite-model', reasoningModel = model, embeddingModel = model } = settings;
  const server = await responder.start(each.answers.map((answer) => toScenario(answer, contents)));
  const assertNoneUnhandled = watchUnhandled();
  const createProvider = (baseURL: string) => settings.createProvider({ baseURL, apiKey: suiteKey });
  const equipment = { createProvider, capabilities, contents, model, reasoningModel, embeddingModel, server };
  let bench: Bench | undefined;
  try {
    bench = new Bench(equipment);
    await within(each.run(bench), 'the case ends', caseLimitMs);
  } finally {
    await (bench ?? server).close();
    await assertNoneUnhandled();
  }
}

function toScenario({ say, ...manner }: Answer, contents: Contents): Scenario {
  return { name: say, content: contents[say] as Content, ...manner };
}

/** What nobody handles would end the user's process. */
function watchUnhandled(): () => Promise<void> {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => void unhandled.push(reason);
  process.on('unhandledRejection', note).on('uncaughtException', note);
  return async () => {
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note).off('uncaughtException', note);
    if (unhandled.length > 0) throw new Error(`an error was left unhandled: ${inspect(unhandled[0])}`);
  };
}
