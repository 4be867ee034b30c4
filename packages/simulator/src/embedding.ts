import { createRandom } from './random.ts';

/** A vector of length 1 that depends on the text alone. */
export function embeddingOf(text: string, dimensions: number): number[] {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  const random = createRandom(hash, text.length);
  const vector = Array.from({ length: dimensions }, () => random.below(2001) / 1000 - 1);
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => Math.round((value / length) * 1e8) / 1e8);
}

/** Packed as 32-bit little-endian floats, which OpenAI's own client asks for. */
export function toBase64(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4);
  vector.forEach((value, i) => {
    bytes.writeFloatLE(value, i * 4);
  });
  return bytes.toString('base64');
}
