import type { Case } from './case.ts';
import { cpuMicroseconds, warmUp } from './load.ts';

const inFlight = 64;
const calls = 20_000;
const callsBefore = 60_000; // as many as the floor and ours need until their cost no longer falls

export const whole: Case = {
  title: 'whole answer, 64 in flight',
  unit: 'µs CPU per call',
  budget: { times: 1.3 },
  answer: 'whole',
  inFlight,
  paced: false,
  async measure({ whole }, { scale }) {
    await warmUp(callsBefore * scale, inFlight, whole);
    return cpuMicroseconds(calls * scale, inFlight, whole);
  },
};
