import { type CircuitBreakerOptions, resolveBreakerOptions } from './breaker-options.ts';
import { type BreakerContext, Circuit, type CircuitBreaker } from './circuit-breaker.ts';

/**
 * Stops asking a server that is not well. The circuit opens when enough calls in a window failed; after a hold one call
 * is let through as a probe. When it succeeds, all is as before; when it fails, the next hold is twice as long, up to a
 * maximum. A probe that has no end after `maxHoldMs` is not waited for: another one may start, so that nothing is
 * locked out for good. One breaker per server, key and model.
 *
 * ```ts
 * const breaker = createCircuitBreaker({ failureRatio: 0.5 }, { name: "search" });
 * const found = await breaker.run(() => search(words));
 * ```
 * @throws InvalidRequestError with path `breaker.<option>`
 */
export function createCircuitBreaker(options?: CircuitBreakerOptions, context: BreakerContext = {}): CircuitBreaker {
  return new TaskCircuit(resolveBreakerOptions(options), context);
}

/** The circuit of tasks, which it runs itself. */
class TaskCircuit extends Circuit implements CircuitBreaker {
  async run<T>(task: () => T | PromiseLike<T>, options: { signal?: AbortSignal | undefined } = {}): Promise<T> {
    const entry = this.tryEnter();
    if (!entry.allowed) throw entry.toError();
    try {
      const value = await task();
      entry.succeed();
      return value;
    } catch (error) {
      if (options.signal?.aborted) entry.cancel();
      else entry.fail(error);
      throw error;
    }
  }
}
