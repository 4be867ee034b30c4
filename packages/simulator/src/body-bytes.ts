import type { Random } from './random.ts';
import type { Wire } from './reply.ts';

/** Stands in a text for a byte that is not UTF-8. From the private use area, so that no answer holds it by chance. */
export const INVALID_BYTE = '\u{F8FF}';

const MARK = Buffer.from(INVALID_BYTE);

export function toBytes(text: string): Buffer {
  const bytes = Buffer.from(text);
  const at = bytes.indexOf(MARK);
  if (at < 0) return bytes;
  return Buffer.concat([bytes.subarray(0, at), Buffer.of(0xff), bytes.subarray(at + MARK.length)]);
}

/** Lays bytes out anew in chunks that take no heed of where they came from. */
export class Rechunker {
  #rest = Buffer.alloc(0);
  readonly #size: NonNullable<Wire['chunkBytes']>;
  readonly #random: Random;

  constructor(size: NonNullable<Wire['chunkBytes']>, random: Random) {
    this.#size = size;
    this.#random = random;
  }

  /** The chunks that are complete with these bytes; with `isLast`, the remainder too. */
  *push(bytes: Buffer, isLast: boolean): Generator<Buffer> {
    let rest = Buffer.concat([this.#rest, bytes]);
    for (let size = this.#next(); rest.length > 0 && (isLast || rest.length >= size); size = this.#next()) {
      yield rest.subarray(0, size);
      rest = rest.subarray(size);
    }
    this.#rest = rest;
  }

  #next(): number {
    return this.#size === 'random' ? 1 + this.#random.below(64) : this.#size;
  }
}
