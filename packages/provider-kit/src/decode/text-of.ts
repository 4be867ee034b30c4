/** A body that came in pieces, mostly in one. */
export function textOf(pieces: readonly Uint8Array[]): string {
  const [only] = pieces;
  if (only === undefined || pieces.length > 1) return Buffer.concat(pieces).toString();
  return Buffer.from(only.buffer, only.byteOffset, only.byteLength).toString();
}
