import type { TimeoutPhase, Timeouts } from '../contract/call-options.ts';
import { InvalidRequestError } from '../errors/errors.ts';
import { shown } from '../request/flaw.ts';

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

function parseTimeouts(source: unknown): Timeouts {
  if (source === undefined) return {};
  if (typeof source === 'number') return { total: parseLimit(source, 'timeout') };
  if (typeof source !== 'object' || source === null) throw wrong('timeout', source);
  const entries = Object.entries(source).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([phase, value]) => [parsePhase(phase), parseLimit(value, `timeout.${phase}`)]),
  );
}

function parsePhase(phase: string): string {
  if (Object.hasOwn(defaultTimeLimits, phase)) return phase;
  const known = Object.keys(defaultTimeLimits).join(', ');
  throw new InvalidRequestError(`\`timeout.${phase}\` is not a phase; known are ${known}`, {
    path: `timeout.${phase}`,
  });
}

function parseLimit(value: unknown, path: string): number {
  if (typeof value === 'number' && value > 0) return value;
  throw wrong(path, value);
}

function wrong(path: string, value: unknown): InvalidRequestError {
  return new InvalidRequestError(`\`${path}\` must be milliseconds greater than 0, not ${shown(value)}`, { path });
}
