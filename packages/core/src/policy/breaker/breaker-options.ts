import { type Check, type Checks, callback, checkFields, withoutAbsent } from '../../errors/check-fields.ts';
import { invalidField } from '../../errors/invalid-field.ts';
import { countsAsFailure } from './counts-as-failure.ts';

/** When the circuit opens, and for how long. */
export interface CircuitBreakerOptions {
  /** The share of failed calls at which the circuit opens, above 0 up to 1. Default 0.5. */
  failureRatio?: number;
  /** Fewer calls in the window than this open nothing. Default 10. */
  minimumCalls?: number;
  /** The span of time that is looked at, in milliseconds. Default 30,000. */
  windowMs?: number;
  /** How long the circuit stays open the first time, in milliseconds; each failed probe doubles it. Default 1,000. */
  holdMs?: number;
  /** The longest that it stays open, in milliseconds. Default 60,000. */
  maxHoldMs?: number;
  /** In place of `countsAsFailure`. */
  countsAsFailure?: (error: unknown) => boolean;
}

export type BreakerSettings = Readonly<Required<CircuitBreakerOptions>>;

export const defaultBreaker: BreakerSettings = {
  failureRatio: 0.5,
  minimumCalls: 10,
  windowMs: 30_000,
  holdMs: 1_000,
  maxHoldMs: 60_000,
  countsAsFailure,
};

/** @throws InvalidRequestError with path `breaker` or `breaker.<option>` */
export function resolveBreakerOptions(options: CircuitBreakerOptions = {}): BreakerSettings {
  checkFields(options, checks, 'breaker');
  const settings: BreakerSettings = { ...defaultBreaker, ...withoutAbsent(options) };
  if (settings.maxHoldMs < settings.holdMs) throw invalidField('breaker.maxHoldMs', 'must not be below holdMs');
  return settings;
}

const duration: Check = { test: (value) => isNumberAbove(0, value), expected: 'milliseconds above 0' };

const checks: Checks<CircuitBreakerOptions> = {
  failureRatio: {
    test: (value) => isNumberAbove(0, value) && Number(value) <= 1,
    expected: 'a number above 0 and at most 1',
  },
  minimumCalls: {
    test: (value) => isNumberAbove(0, value) && Number.isInteger(value),
    expected: 'an integer of at least 1',
  },
  windowMs: duration,
  holdMs: duration,
  maxHoldMs: duration,
  countsAsFailure: callback,
};

function isNumberAbove(min: number, value: unknown): boolean {
  return typeof value === 'number' && value > min && value < Infinity;
}
