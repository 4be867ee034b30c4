import { median } from '../statistics.ts';
import type { Case } from './case.ts';
import { load } from './load.ts';

const inFlight = 16; // in the warm-up, only to have it done sooner

export const firstText: Case = {
  title: 'time to the first text, one call at a time, p50',
  unit: 'µs',
  budget: { plus: 50 },
  answer: 'first-text',
  inFlight,
  async measure(contestant, scale) {
    const microseconds: number[] = [];
    const call = async () => {
      const start = performance.now();
      await contestant.stream(() => microseconds.push((performance.now() - start) * 1000));
    };
    await load(4_000 * scale, inFlight, call);
    microseconds.length = 0;
    await load(1_000 * scale, 1, call);
    return median(microseconds);
  },
};
