import { anything, type Check, checkField, checkFields } from '../../errors/check-fields.ts';
import { invalidField } from '../../errors/invalid-field.ts';

export interface AdaptiveSettings {
  /** The number is never cut below this. Default 1. */
  minimum?: number;
  /** Where it begins. Default: `concurrency`. */
  initial?: number;
  /** What a cut leaves of it, greater than 0 and less than 1. Default 0.7. */
  decrease?: number;
}

/** @throws InvalidRequestError with the path of the wrong setting */
export function parseAdaptive(
  value: boolean | AdaptiveSettings | undefined,
  concurrency: number,
  path: string,
): Required<AdaptiveSettings> | undefined {
  if (value === undefined || value === false) return undefined;
  if (concurrency === Infinity) {
    throw invalidField(path, 'needs a finite `concurrency`, which is its upper bound');
  }
  const given = value === true ? {} : value;
  checkFields(given, { minimum: upTo(concurrency), initial: anything, decrease: share }, path);
  const { minimum = 1, initial = concurrency, decrease = 0.7 } = given;
  checkField(`${path}.initial`, upTo(concurrency, minimum), initial);
  return { minimum, initial, decrease };
}

const share: Check = { test: isShare, expected: 'a number between 0 and 1' };

function upTo(concurrency: number, least = 1): Check {
  const test = (value: unknown) => Number.isInteger(value) && Number(value) >= least && Number(value) <= concurrency;
  return { test, expected: `an integer from ${least} to the concurrency of ${concurrency}` };
}

function isShare(value: unknown): boolean {
  return typeof value === 'number' && value > 0 && value < 1;
}
