import type { Clock } from './contract/provider.ts';

/**
 * Timers hold the process only as long as the call that they belong to: each is cancelled when it ends. One that did
 * not hold it would let a program end in the middle of an awaited call.
 */
export const systemClock: Clock = {
  now: () => performance.now(),
  schedule(callback, delayMs, { hold = true } = {}) {
    const timer = setTimeout(callback, delayMs);
    // A number where this is no runtime of the Node kind: nothing is held there either.
    if (!hold && typeof timer === 'object') timer.unref();
    return () => clearTimeout(timer);
  },
};
