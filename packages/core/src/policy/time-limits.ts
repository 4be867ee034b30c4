import type { TimeoutPhase, Timeouts } from '../contract/call-options.ts';
import { invalidField, invalidValue } from '../errors/invalid-field.ts';

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
 * Merges time-outs, later ones winning phase by phase; a bare number is the total.
 * @throws InvalidRequestError with path `timeout` or `timeout.<phase>`
 */
export function resolveTimeLimits(...sources: (number | Timeouts | undefined)[]): TimeLimits {
  if (sources.every((source) => source === undefined)) return defaultTimeLimits;
  return Object.assign({}, defaultTimeLimits, ...sources.map(parseTimeouts));
}

const expected = 'milliseconds greater than 0';

function parseTimeouts(source: unknown): Timeouts {
  if (source === undefined) return {};
  if (typeof source === 'number') return { total: parseLimit(source, 'timeout') };
  if (typeof source !== 'object' || source === null) throw invalidValue('timeout', expected, source);
  const entries = Object.entries(source).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([phase, value]) => [parsePhase(phase), parseLimit(value, `timeout.${phase}`)]),
  );
}

function parsePhase(phase: string): string {
  if (Object.hasOwn(defaultTimeLimits, phase)) return phase;
  const known = Object.keys(defaultTimeLimits).join(', ');
  throw invalidField(`timeout.${phase}`, `is not a phase; known are ${known}`);
}

function parseLimit(value: unknown, path: string): number {
  if (typeof value === 'number' && value > 0) return value;
  throw invalidValue(path, expected, value);
}
