/**
 * The outcome of what `start` begins, or the signal's reason as soon as it aborts: a task that does not mind its signal
 * is left behind, and what becomes of it is ignored. A synchronous throw is a rejection.
 */
export function untilAborted<T>(start: () => T | PromiseLike<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const onAbort = () => reject(signal.reason);
    const leave = () => signal.removeEventListener('abort', onAbort);
    signal.addEventListener('abort', onAbort, { once: true });
    // Async, for the synchronous throw.
    const outcome = (async () => start())();
    outcome.finally(leave).then(resolve, reject);
  });
}
