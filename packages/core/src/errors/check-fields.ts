import { unknownName } from './check-names.ts';
import { invalidField, invalidValue } from './invalid-field.ts';

/** What the value of an option must be. */
export interface Check {
  test: (value: unknown) => boolean;
  expected: string;
}

export type Checks<Options> = { [Name in keyof Required<Options>]: Check };

export const abortSignal: Check = { test: (value) => value instanceof AbortSignal, expected: 'an AbortSignal' };
export const callback: Check = { test: (value) => typeof value === 'function', expected: 'a function' };
export const count: Check = /* @__PURE__ */ integerFrom(1);
export const countFromZero: Check = /* @__PURE__ */ integerFrom(0);
export const flag: Check = { test: (value) => typeof value === 'boolean', expected: 'true or false' };
export const milliseconds: Check = { test: isDuration, expected: 'milliseconds greater than 0' };
/** For what is looked at in full elsewhere. */
export const anything: Check = { test: () => true, expected: '' };

/**
 * Refuses a wrong option at once, and not when it is needed. One that is `undefined` is as if it were not there.
 * @param path of what holds them
 * @throws InvalidRequestError with the path of the first that is misspelt or has a wrong value
 */
export function checkFields(options: unknown, checks: Readonly<Record<string, Check>>, path = 'options'): void {
  if (typeof options !== 'object' || options === null) throw invalidField(path, 'must be an object');
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (check === undefined) throw unknownName(name, Object.keys(checks), path);
    checkField(`${path}.${name}`, check, value);
  }
}

/** What is given of some options: one that is `undefined` hides no default. */
export function withoutAbsent<Options extends object>(options: Options): Partial<Options> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<Options>;
}

/** @throws InvalidRequestError with the path */
export function checkField(path: string, { test, expected }: Check, value: unknown): void {
  if (!test(value)) throw invalidValue(path, expected, value);
}

/** Or `Infinity`, for no bound. */
export function integerFrom(least: number): Check {
  const test = (value: unknown) =>
    typeof value === 'number' && value >= least && (Number.isInteger(value) || value === Infinity);
  return { test, expected: `an integer of at least ${least}, or Infinity` };
}

function isDuration(value: unknown): boolean {
  return typeof value === 'number' && value > 0;
}
