import type { Case } from './case.ts';
import { cpuMicroseconds, warmUp } from './load.ts';

const inFlight = 64;
const streams = 10 * inFlight;
const streamsBefore = 40 * inFlight; // as many as the floor and ours need until their cost no longer falls

const perEvent = {
  unit: 'µs CPU per event',
  inFlight,
  paced: true,
  async measure(contestant, { scale, events }) {
    const read = () => contestant.stream(() => {});
    await warmUp(streamsBefore * scale, inFlight, read);
    return (await cpuMicroseconds(streams * scale, inFlight, read)) / events;
  },
} satisfies Partial<Case>;

export const streamOfSingles: Case = {
  ...perEvent,
  title: 'stream, 1 event per packet, 64 in flight',
  budget: { times: 1.05 },
  answer: 'stream-1',
};

export const streamOfBatches: Case = {
  ...perEvent,
  title: 'stream, 16 events per packet, 64 in flight',
  budget: { times: 1 },
  answer: 'stream-16',
};
