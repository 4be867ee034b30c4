import { median } from '../statistics.ts';
import type { Case } from './case.ts';
import { oneByOne, warmUp } from './load.ts';

const inFlight = 16; // in the warm-up, only to have it done sooner

export const firstText: Case = {
  title: 'time to the first text, one call at a time, p50',
  unit: 'µs',
  budget: { plus: 50 },
  answer: 'first-text',
  inFlight,
  paced: false,
  async measure(contestant, { scale }) {
    const microseconds: number[] = [];
    const call = async () => {
      const start = performance.now();
      await contestant.stream(() => microseconds.push((performance.now() - start) * 1000));
    };
    await warmUp(4_000 * scale, inFlight, call);
    microseconds.length = 0;
    await oneByOne(1_000 * scale, call);
    return median(microseconds);
  },
};
