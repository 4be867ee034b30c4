/** A source of reproducible numbers: the same seed gives the same sequence. */
export interface Random {
  /** A whole number from 0 up to, but without, `limit`. */
  below(limit: number): number;
  /** `length` characters taken from `alphabet`. */
  text(length: number, alphabet?: string): string;
  uuid(): string;
}

const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
export const HEXADECIMAL = '0123456789abcdef';

/** Each request gets its own sequence, so that what one answer consumes cannot change another. */
export function createRandom(seed: number, index: number): Random {
  // Mulberry32, started away from neighbouring seeds by two odd multipliers.
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)) >>> 0;

  function below(limit: number): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  function text(length: number, alphabet = ALPHANUMERIC): string {
    let result = '';
    while (result.length < length) result += alphabet[below(alphabet.length)];
    return result;
  }

  function uuid(): string {
    return [8, 4, 4, 4, 12].map((length) => text(length, HEXADECIMAL)).join('-');
  }

  return { below, text, uuid };
}
