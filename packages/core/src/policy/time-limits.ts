import type { TimeoutPhase, Timeouts } from '../contract/call-options.ts';
import { checkField, milliseconds } from '../errors/check-fields.ts';
import type { InvalidRequestError } from '../errors/errors.ts';
import { invalidField } from '../errors/invalid-field.ts';

/** Milliseconds by phase; `Infinity` where there is no limit. */
export type TimeLimits = Record<TimeoutPhase, number>;

/** Every default is finite. Why each has its value: see `Timeouts`. */
export const defaultTimeLimits: TimeLimits = {
  total: 600_000,
  attempt: Number.POSITIVE_INFINITY,
  connect: 10_000,
  headers: 300_000,
  firstToken: 300_000,
  idle: 120_000,
};

/**
 * Merges time-outs, later ones winning phase by phase; a bare number is the total. All but a call's own have been
 * checked when they were given.
 * @throws InvalidRequestError with path `options.timeout` or `options.timeout.<phase>`
 */
export function resolveTimeLimits(...sources: (number | Timeouts | undefined)[]): TimeLimits {
  if (sources.every((source) => source === undefined)) return defaultTimeLimits;
  return Object.assign({}, defaultTimeLimits, ...sources.map((source) => parseTimeouts(source)));
}

/**
 * What is given, phase by phase.
 * @param path of where it is given
 * @throws InvalidRequestError with the path, or that of the phase in it
 */
export function parseTimeouts(source: unknown, path = 'options.timeout'): Timeouts {
  if (source === undefined) return {};
  if (typeof source !== 'object' || source === null) {
    checkField(path, milliseconds, source);
    return { total: source as number };
  }
  const entries = Object.entries(source).filter(([, value]) => value !== undefined);
  for (const [phase, value] of entries) {
    if (!Object.hasOwn(defaultTimeLimits, phase)) throw unknownPhase(`${path}.${phase}`);
    checkField(`${path}.${phase}`, milliseconds, value);
  }
  return Object.fromEntries(entries);
}

function unknownPhase(path: string): InvalidRequestError {
  return invalidField(path, `is not a phase; known are ${Object.keys(defaultTimeLimits).join(', ')}`);
}
