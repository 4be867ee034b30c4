import type { Capabilities, Connection, Provider } from '@anyllm/core/provider';
import type { Bench } from './bench/bench.ts';
import type { ContentName, Manner } from './scenario.ts';

/** The groups of cases, in the order in which they run. */
export const groups = [
  'completion',
  'streaming',
  'tools',
  'structured-output',
  'reasoning',
  'usage',
  'errors',
  'cancellation',
  'deadlines',
  'security',
  'embeddings',
  'models',
  'moderation',
  'rerank',
  'images',
  'audio',
  'responses',
  'token-counts',
  'batches',
] as const;

/** A group of cases. */
export type Group = (typeof groups)[number];

/** One promise of a provider. */
export interface Case {
  /** `group/name`; never changes, since skips refer to it. */
  readonly id: string;
  readonly group: Group;
  /** Why it exists: what goes wrong for users without it. */
  readonly why: string;
  /** Whether it concerns a provider at all. Default: every one. */
  readonly needs?: (capabilities: Capabilities, connection: Connection, provider: Provider) => boolean;
  /** What the server answers, request by request. Default: nothing is to be asked. */
  readonly answers: readonly Answer[];
  /** Asks the provider, and throws when it does not keep its promise. */
  readonly run: (bench: Bench) => Promise<void>;
}

export interface Answer extends Manner {
  say: ContentName;
}

/** A case without what it has in common with the others of its group. */
export interface CaseOf extends Omit<Case, 'id' | 'group' | 'answers'> {
  readonly name: string;
  /** Default: the content `text`. */
  readonly answers?: Answer | readonly Answer[];
}

/** The cases of a group, in order. */
export function casesOf(group: Group, ...cases: readonly CaseOf[]): readonly Case[] {
  return cases.map(({ name, answers = { say: 'text' }, ...rest }) => ({
    id: `${group}/${name}`,
    group,
    answers: [answers].flat(),
    ...rest,
  }));
}
