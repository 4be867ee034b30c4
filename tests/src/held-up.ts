import { monitorEventLoopDelay } from 'node:perf_hooks';
import { onTestFinished } from 'vitest';

/**
 * Watches how long this process is kept from running, in milliseconds, until the test ends. A promise of so many
 * milliseconds holds for a machine that has time for it: what the machine took away is added to the bound.
 */
export function watchHeldUp(): () => number {
  const delay = monitorEventLoopDelay({ resolution: 2 });
  delay.enable();
  onTestFinished(() => void delay.disable());
  return () => delay.max / 1e6;
}
