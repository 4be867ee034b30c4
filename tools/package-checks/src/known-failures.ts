/** What does not work yet. One that begins to work fails the check, so that it leaves the list. */
const knownFailures: { what: RegExp; says: RegExp; because: string }[] = [
  {
    what: /^bun, Bun, (?:import|require)$/,
    says: /client\.(?:dispatch|destroy) is not a function/,
    because: 'Bun puts an `undici` of its own in place of ours, without the `dispatch` that the kit sends with',
  },
  {
    what: /^TypeScript 5\.4, /,
    says: /^(?:node_modules\/@anyllm\/.*error TS2314: Generic type 'Async.*\n?)+$/,
    because: 'the second parameter of `AsyncIterable` and its kin came with TypeScript 5.6',
  },
];

export type Verdict = 'ok' | 'known' | 'FAILED';

/** `outcome`: what the thing said when it failed; empty when it did not. */
export function judge(what: string, outcome: string): Verdict {
  const known = knownFailures.find((failure) => failure.what.test(what));
  if (known) return known.says.test(outcome) ? 'known' : 'FAILED';
  return outcome === '' ? 'ok' : 'FAILED';
}
