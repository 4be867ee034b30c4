import { createRandom } from './random.ts';

/** A vector of length 1 that depends on the text alone: the more words two texts have in common, the nearer they are. */
export function embeddingOf(text: string, dimensions: number): number[] {
  const vector = new Array<number>(dimensions).fill(0);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [text]) addWord(vector, word);
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => Math.round((value / length) * 1e8) / 1e8);
}

function addWord(vector: number[], word: string): void {
  let hash = 0;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
  const random = createRandom(hash, word.length);
  for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] as number) + random.below(2001) / 1000 - 1;
}

/** Packed as 32-bit little-endian floats, which OpenAI's own client asks for. */
export function toBase64(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4);
  vector.forEach((value, i) => {
    bytes.writeFloatLE(value, i * 4);
  });
  return bytes.toString('base64');
}
