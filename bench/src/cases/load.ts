/** The slow make fewer calls rather than take minutes: what is measured is one call. */
const atMostMs = { warmUp: 5_000, measuring: 1_000 };

/** Makes calls that do not count, until they no longer get cheaper. */
export async function warmUp(calls: number, inFlight: number, call: () => Promise<unknown>): Promise<void> {
  await load(calls, inFlight, call, atMostMs.warmUp);
}

/** Microseconds of processor time, in user code and in the kernel, that this process spends on each call. */
export async function cpuMicroseconds(calls: number, inFlight: number, call: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  const made = await load(calls, inFlight, call, atMostMs.measuring);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / made;
}

/** Makes one call after the other, as many as there is time for. */
export async function oneByOne(calls: number, call: () => Promise<unknown>): Promise<void> {
  await load(calls, 1, call, atMostMs.measuring);
}

/** Keeps `inFlight` calls under way until `calls` have been made or the time is over; returns how many were made. */
async function load(calls: number, inFlight: number, call: () => Promise<unknown>, atMostMs: number): Promise<number> {
  const end = performance.now() + atMostMs;
  let made = 0;
  const worker = async () => {
    while (made < calls && performance.now() < end) {
      made += 1;
      await call();
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  return made;
}
