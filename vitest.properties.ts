import fc from 'fast-check';

// A change is judged by the same cases as the one before it; new ones are for `pnpm fuzz`, which tells the seed of a
// failure, so that the case can be added to the tests.
if (process.env.FUZZ_RUNS === undefined) fc.configureGlobal({ seed: 1 });
