import type { Capabilities } from '@anyllm/core/provider';
import type { Case } from './case.ts';
import { cases } from './cases.ts';
import { type Contents, standardContents } from './contents.ts';
import type { Responder } from './responder/responder.ts';
import { simulatedResponder } from './responder/simulated-responder.ts';
import type { Skip, SuiteSettings } from './suite-settings.ts';

/** A case that concerns a provider, and why it is not run, if it is not. */
export interface PlannedCase {
  case: Case;
  skipReason?: string;
}

export interface Plan {
  responder: Responder;
  contents: Contents;
  capabilities: Capabilities;
  cases: readonly PlannedCase[];
}

/**
 * Chooses the cases.
 * @throws Error for an id that no case has, and for a skip without a reason
 */
export function planCases(settings: SuiteSettings): Plan {
  const { createProvider, simulate, groups, only, skip = [] } = settings;
  const responder = typeof simulate === 'string' ? simulatedResponder(simulate) : simulate;
  const contents = responder.contents ?? standardContents;
  const provider = createProvider({});
  const { capabilities = provider.capabilities } = settings;
  assertSkips(skip);
  for (const id of only ?? []) assertKnown(id);
  const planned = cases
    .filter(({ group }) => groups?.includes(group) ?? true)
    .filter(({ id }) => only?.includes(id) ?? true)
    .filter(({ needs }) => needs?.(capabilities, provider.connection, provider) ?? true)
    .map((each): PlannedCase => {
      const skipReason = skip.find(({ case: id }) => id === each.id)?.reason ?? unsaid(each, contents);
      return { case: each, ...(skipReason !== undefined && { skipReason }) };
    });
  return { responder, contents, capabilities, cases: planned };
}

/** A skip that no longer fits would hide that its case is gone. */
function assertSkips(skip: readonly Skip[]): void {
  for (const { case: id, reason } of skip) {
    assertKnown(id);
    if (!reason?.trim()) throw new Error(`The skip of \`${id}\` needs a reason.`);
  }
}

function assertKnown(id: string): void {
  if (!cases.some((each) => each.id === id)) throw new Error(`There is no case \`${id}\`.`);
}

function unsaid({ answers }: Case, contents: Contents): string | undefined {
  const missing = answers.find(({ say }) => !contents[say]);
  return missing && `the responder cannot say \`${missing.say}\``;
}
