import { createLimiter } from '../create-limiter.ts';

/** What lanes load when they first need it is there: by a clock that stands still, nobody waits for a file. */
export async function loadBusyLanes(): Promise<void> {
  await createLimiter({ requestsPerMinute: 1 }).run(() => {});
}
