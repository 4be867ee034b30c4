import { systemClock } from '../../clock.ts';
import { startDeadline } from '../../concurrency/start-deadline.ts';
import type { Clock } from '../../contract/provider.ts';

export interface WaitOptions {
  /** Ends the wait: it rejects with `signal.reason` at once, also when the signal is aborted already. */
  signal?: AbortSignal | undefined;
  clock?: Clock;
}

/** Resolves after `delayMs` milliseconds, never before. No timer and no listener is left behind. */
export function wait(delayMs: number, { signal, clock = systemClock }: WaitOptions = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    let cancelTimer = () => {};
    const onAbort = () => {
      cancelTimer();
      reject(signal?.reason);
    };
    const onExpire = () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    cancelTimer = startDeadline(delayMs, onExpire, clock);
  });
}
