import type { TimeoutPhase, Timeouts } from '../contract/call-options.ts';
import { type Checks, checkField, checkFields, milliseconds, withoutAbsent } from '../errors/check-fields.ts';

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
  checkFields(source, phases, path);
  return withoutAbsent(source);
}

const phases: Checks<Timeouts> = /* @__PURE__ */ forEachPhase(milliseconds);

/** The same for all that there is a limit for. */
export function forEachPhase<T>(value: T): Record<TimeoutPhase, T> {
  const entries = Object.keys(defaultTimeLimits).map((phase) => [phase, value]);
  return Object.fromEntries(entries) as Record<TimeoutPhase, T>;
}
