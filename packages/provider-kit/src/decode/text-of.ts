/** A body that came in pieces, mostly in one. */
export function textOf(pieces: readonly Uint8Array[]): string {
  const [only] = pieces;
  if (only === undefined || pieces.length > 1) return Buffer.concat(pieces).toString();
  const { buffer, byteOffset, byteLength } = only;
  return (Buffer.isBuffer(only) ? only : Buffer.from(buffer, byteOffset, byteLength)).toString();
}
