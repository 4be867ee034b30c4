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
  const { minimum = 1, initial = concurrency, decrease = 0.7 } = value === true ? {} : value;
  check(
    `${path}.minimum`,
    Number.isInteger(minimum) && minimum >= 1 && minimum <= concurrency,
    'from 1 to concurrency',
  );
  check(
    `${path}.initial`,
    Number.isInteger(initial) && initial >= minimum && initial <= concurrency,
    'from minimum to concurrency',
  );
  check(`${path}.decrease`, decrease > 0 && decrease < 1, 'between 0 and 1');
  return { minimum, initial, decrease };
}

function check(path: string, good: boolean, expected: string): void {
  if (!good) throw invalidField(path, `must be ${expected}`);
}
