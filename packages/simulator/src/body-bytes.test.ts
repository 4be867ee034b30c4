import fc from 'fast-check';
import { expect, it } from 'vitest';
import { INVALID_BYTE, Rechunker, toBytes } from './body-bytes.ts';
import { createRandom } from './random.ts';

it('lays out the same bytes in chunks of the size that was asked for', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array()), fc.integer({ min: 1, max: 9 }), (writes, size) => {
      const rechunker = new Rechunker(size, createRandom(1, 0));
      const chunks = writes.flatMap((bytes) => [...rechunker.push(Buffer.from(bytes), false)]);
      expect(chunks.every((chunk) => chunk.length === size)).toBe(true);
      chunks.push(...rechunker.push(Buffer.alloc(0), true));
      expect(Buffer.concat(chunks)).toEqual(Buffer.concat(writes));
    }),
  );
});

it('puts a byte that is not UTF-8 where it is marked', () => {
  expect(toBytes(`a${INVALID_BYTE}é`)).toEqual(Buffer.of(0x61, 0xff, 0xc3, 0xa9));
});
