import type { Case } from './case.ts';
import { cpuMicroseconds, load } from './load.ts';

const inFlight = 64;
const eventsPerStream = 204; // 200 with a word, and a role, a finish reason, the usage and `[DONE]`

const perEvent = {
  unit: 'µs CPU per event',
  inFlight,
  async measure(contestant, scale) {
    const streams = 10 * inFlight * scale;
    const read = () => contestant.stream(() => {});
    await load(streams, inFlight, read);
    return (await cpuMicroseconds(() => load(streams, inFlight, read))) / (streams * eventsPerStream);
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
