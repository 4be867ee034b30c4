import { getEventListeners } from 'node:events';

/** For tests: what still listens to the signal; nothing may when a call is over. */
export function listenerCount(signal: AbortSignal): number {
  return getEventListeners(signal, 'abort').length;
}
