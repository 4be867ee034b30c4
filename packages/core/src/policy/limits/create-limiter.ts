import { systemClock } from '../../clock.ts';
import type { Clock } from '../../contract/provider.ts';
import { Lane } from './lane.ts';
import { type LimitSettings, parseLimits } from './limit-settings.ts';
import type { Limiter } from './limiter.ts';

export interface LimiterOptions {
  /** What errors call it, and its key in a shared store: the same name shares the limits. Default `"limiter"`. */
  name?: string;
  /** What errors name as their provider. */
  provider?: string;
  clock?: Clock;
}

/**
 * Bounds how many calls run and at what rate: any asynchronous function, not only completions.
 *
 * ```ts
 * const limiter = createLimiter({ concurrency: 10, requestsPerMinute: 600 });
 * const pages = await Promise.all(urls.map((url) => limiter.run(({ signal }) => fetch(url, { signal }))));
 * ```
 *
 * @throws InvalidRequestError with the path of a wrong setting, as `limits.concurrency`
 */
export function createLimiter(settings: LimitSettings, options: LimiterOptions = {}): Limiter {
  const { name = 'limiter', provider, clock = systemClock } = options;
  return new Lane({ name, provider, clock, storeKey: name, limits: parseLimits(settings) });
}
