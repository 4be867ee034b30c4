import { expect, test, vi } from 'vitest';
import { systemClock } from '../clock.ts';
import { OverloadedError } from '../errors/errors.ts';
import { leftByCaller, type Target } from './attempt.ts';
import { Call } from './call.ts';
import { Recovery } from './recovery.ts';
import { defaultRetryPolicy } from './retry/retry-policy.ts';
import { defaultTimeLimits } from './time-limits.ts';

test('a call that is aborted after its failure ends with the reason, and nobody else is asked', async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const call = new Call({ clock: systemClock, limits: defaultTimeLimits, signal, bill: undefined });
  const others = [vi.fn()];
  const plan = { others, retries: { ...defaultRetryPolicy, attempts: 1 }, fallback: { models: ['p/other'] } };
  const balanced = { begin: vi.fn(), succeed: vi.fn(), fail: vi.fn() };
  const recovery = new Recovery(call, plan, Math.random);
  controller.abort('enough');
  const next = recovery.next(new OverloadedError('not now', { status: 503 }), { balanced } as unknown as Target);
  await expect(next).rejects.toBe('enough');
  expect(balanced.fail).toHaveBeenCalledExactlyOnceWith(leftByCaller);
  expect(others[0]).not.toHaveBeenCalled();
});
