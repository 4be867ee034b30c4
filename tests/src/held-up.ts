import { onTestFinished } from 'vitest';

const stepMs = 2;

/**
 * Watches for how long this process is kept from running, in milliseconds, until the test ends. A promise of so many
 * milliseconds holds for a machine that has time for it: what the machine took away is added to the bound.
 */
export function watchHeldUp(): () => Promise<number> {
  let heldUpMs = 0;
  let steppedAt = performance.now();
  const timer = setInterval(() => {
    const nowMs = performance.now();
    heldUpMs += Math.max(0, nowMs - steppedAt - stepMs);
    steppedAt = nowMs;
  }, stepMs);
  onTestFinished(() => clearInterval(timer));
  return async () => {
    await new Promise((resolve) => setTimeout(resolve, 2 * stepMs)); // what holds it up now shows in the next step
    return heldUpMs;
  };
}
