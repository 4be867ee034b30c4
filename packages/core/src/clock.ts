import type { Clock } from './contract/provider.ts';

/**
 * Timers hold the process only as long as the call that they belong to: each is cancelled when it ends. One that did
 * not hold it would let a program end in the middle of an awaited call.
 */
export const systemClock: Clock = {
  now: () => performance.now(),
  schedule(callback, delayMs) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
