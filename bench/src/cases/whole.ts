import type { Case } from './case.ts';
import { cpuMicroseconds, load } from './load.ts';

const inFlight = 64;
const calls = 20_000;

export const whole: Case = {
  title: 'whole answer, 64 in flight',
  unit: 'µs CPU per call',
  budget: { times: 1.3 },
  answer: 'whole',
  inFlight,
  async measure(contestant, scale) {
    // The floor itself needs about 20,000 calls until its cost no longer falls.
    await load(calls * scale, inFlight, contestant.whole);
    return (await cpuMicroseconds(() => load(calls * scale, inFlight, contestant.whole))) / (calls * scale);
  },
};
