import { systemClock } from '../clock.ts';

/** The longest delay of `setTimeout`, about 24.8 days. With a longer one it would fire at once. */
const maxDelayMs = 2 ** 31 - 1;

/**
 * Calls back once, `timeoutMs` from now at the earliest; never for `Infinity`. The returned function cancels.
 * A timer can fire a fraction of a millisecond early, and a long wait takes several timers: both are re-armed.
 */
export function startDeadline(timeoutMs: number, onExpire: () => void, clock = systemClock): () => void {
  if (timeoutMs === Infinity) return () => {};
  const deadline = clock.now() + timeoutMs;
  let cancel = () => {};
  const wait = () => {
    const leftMs = Math.ceil(deadline - clock.now());
    if (leftMs <= 0) onExpire();
    else cancel = clock.schedule(wait, Math.min(leftMs, maxDelayMs));
  };
  wait();
  return () => cancel();
}
