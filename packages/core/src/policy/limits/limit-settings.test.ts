import { expect, test } from 'vitest';
import { InvalidRequestError } from '../../errors/errors.ts';
import { createLimiter } from './create-limiter.ts';
import type { LimitSettings } from './limit-settings.ts';

test.for<[LimitSettings, string]>([
  [{ concurrency: 0 }, 'concurrency'],
  [{ concurrency: 1.5 }, 'concurrency'],
  [{ concurrency: Number.NaN }, 'concurrency'],
  [{ concurrency: '5' as never }, 'concurrency'],
  [{ requestsPerMinute: 0 }, 'requestsPerMinute'],
  [{ requestsPerMinute: Number.NaN }, 'requestsPerMinute'],
  [{ tokensPerMinute: -1 }, 'tokensPerMinute'],
  [{ maxQueue: -1 }, 'maxQueue'],
  [{ maxQueue: 0.5 }, 'maxQueue'],
  [{ burst: 3 }, 'burst'],
  [{ requestsPerMinute: 60, burst: 0 }, 'burst'],
  [{ adaptive: true }, 'adaptive'],
  [{ concurrency: 5, adaptive: { initial: 6 } }, 'adaptive.initial'],
  [{ concurrency: 5, adaptive: { decrease: 1 } }, 'adaptive.decrease'],
  [{ concurrency: 5, adaptive: { minimun: 2 } as never }, 'adaptive.minimun'],
  [{ concurrency: 5, adaptive: 2 as never }, 'adaptive'],
  [{ concurrency: 5, adaptive: null as never }, 'adaptive'],
  [{ concurrency: 5, adaptive: { initial: 2, minimum: 100 } }, 'adaptive.minimum'],
  [{ concurrency: 5, adaptive: { initial: 2, minimum: Symbol('x') as never } }, 'adaptive.minimum'],
  [{ store: {} as never }, 'store'],
  [{ onStoreError: 'ignore' as never }, 'onStoreError'],
  [{ concurency: 5 } as never, 'concurency'],
])('%j is refused', ([settings, name]) => {
  const create = () => createLimiter(settings);
  expect(create).toThrow(InvalidRequestError);
  expect(create).toThrow(expect.objectContaining({ path: `limits.${name}` }));
});
