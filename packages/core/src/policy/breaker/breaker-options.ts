import { checkNames } from '../../errors/check-names.ts';
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
export function resolveBreakerOptions(options: unknown = {}): BreakerSettings {
  if (typeof options !== 'object' || options === null) throw invalidField('breaker', 'must be an object');
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  checkNames(options, Object.keys(checks), 'breaker');
  for (const [name, value] of given) checkOption(name, value);
  const settings: BreakerSettings = Object.assign({}, defaultBreaker, Object.fromEntries(given));
  if (settings.maxHoldMs < settings.holdMs) throw invalidField('breaker.maxHoldMs', 'must not be below holdMs');
  return settings;
}

type Check = { test: (value: unknown) => boolean; expected: string };

const duration: Check = { test: (value) => isNumberAbove(0, value), expected: 'must be milliseconds above 0' };

const checks: { [Name in keyof BreakerSettings]: Check } = {
  failureRatio: {
    test: (value) => isNumberAbove(0, value) && (value as number) <= 1,
    expected: 'must be above 0 and at most 1',
  },
  minimumCalls: {
    test: (value) => isNumberAbove(0, value) && Number.isInteger(value),
    expected: 'must be an integer of at least 1',
  },
  windowMs: duration,
  holdMs: duration,
  maxHoldMs: duration,
  countsAsFailure: { test: (value) => typeof value === 'function', expected: 'must be a function' },
};

function checkOption(name: string, value: unknown): void {
  const path = `breaker.${name}`;
  const { test, expected } = checks[name as keyof BreakerSettings];
  if (!test(value)) throw invalidField(path, expected);
}

function isNumberAbove(min: number, value: unknown): boolean {
  return typeof value === 'number' && value > min && value < Infinity;
}
