import { systemClock } from '../../clock.ts';
import type { Clock } from '../../contract/provider.ts';
import { type Checks, checkFields } from '../../errors/check-fields.ts';

export interface RetryBudgetOptions {
  /** Retries per call, from 0 to 1. Default 0.2: an outage costs the vendor at most a fifth more calls. */
  share?: number;
  /** Retries per minute that are allowed whatever the share, so that a quiet client can retry at all. Default 10. */
  perMinute?: number;
}

/**
 * What many calls may spend on retries together, so that an outage is not multiplied. In any span of time the retries
 * are at most `share` × calls + `perMinute` × minutes + what was saved up before it: one minute's floor or the share of
 * 100 calls, whichever is more, so that a long good time does not pay for a storm. It starts with one minute's floor.
 */
export interface RetryBudget {
  /** A call begins (not an attempt). */
  recordCall(): void;
  /** Takes one retry out of the budget; `false` when it is used up, and then nothing is taken. */
  tryRetry(): boolean;
}

const minuteMs = 60_000;
const callsSaved = 100;
/** Five times 0.2 may come out a hair below 1. */
const almostOne = 0.999_999_999;

/** @throws InvalidRequestError with the path of a wrong option, as `budget.share` */
export function createRetryBudget(options: RetryBudgetOptions = {}, clock: Clock = systemClock): RetryBudget {
  checkFields(options, checks, 'budget');
  const { share = 0.2, perMinute = 10 } = options;
  const capacity = Math.max(perMinute, share * callsSaved);
  let tokens = perMinute;
  let refilledAt = clock.now();

  const add = (amount: number) => {
    tokens = Math.min(capacity, tokens + amount);
  };
  const refill = () => {
    const now = clock.now();
    add((perMinute * (now - refilledAt)) / minuteMs);
    refilledAt = now;
  };
  return {
    recordCall: () => add(share),
    tryRetry() {
      refill();
      if (tokens < almostOne) return false;
      tokens = Math.max(0, tokens - 1);
      return true;
    },
  };
}

const checks: Checks<RetryBudgetOptions> = {
  share: { test: (value) => isFromZero(value) && Number(value) <= 1, expected: 'a number from 0 to 1' },
  perMinute: { test: isFromZero, expected: 'a finite number of at least 0' },
};

function isFromZero(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value < Infinity;
}
