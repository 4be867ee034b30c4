import { median } from '../statistics.ts';
import type { Case } from './case.ts';
import { load } from './load.ts';

export const firstText: Case = {
  title: 'time to the first text, one call at a time, p50',
  unit: 'µs',
  budget: { plus: 50 },
  answer: 'first-text',
  inFlight: 1,
  async measure(contestant, scale) {
    const microseconds: number[] = [];
    const call = async () => {
      const start = performance.now();
      await contestant.stream(() => microseconds.push((performance.now() - start) * 1000));
    };
    await load(4_000 * scale, 16, call); // several at a time only to have it done sooner
    microseconds.length = 0;
    await load(1_000 * scale, 1, call);
    return median(microseconds);
  },
};
