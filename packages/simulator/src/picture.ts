import { crc32, deflateSync } from 'node:zlib';

/** A valid png in base64, of one colour that depends on the seed alone. Some 150 bytes at 1024 by 1024. */
export function pictureOf(seed: string, size: string): string {
  const [width = 1024, height = 1024] = /^\d+x\d+$/.test(size) ? size.split('x').map(Number) : [];
  const colour = crc32(seed);
  const palette = Buffer.from([colour & 255, (colour >> 8) & 255, (colour >> 16) & 255]);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([1, 3], 8); // one bit a pixel, from a palette
  const rows = Buffer.alloc((1 + Math.ceil(width / 8)) * height);
  const chunks = [toChunk('IHDR', header), toChunk('PLTE', palette), toChunk('IDAT', deflateSync(rows))];
  return Buffer.concat([SIGNATURE, ...chunks, toChunk('IEND', Buffer.alloc(0))]).toString('base64');
}

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

function toChunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name), data]);
  const chunk = Buffer.alloc(8 + body.length);
  chunk.writeUInt32BE(data.length, 0);
  chunk.set(body, 4);
  chunk.writeUInt32BE(crc32(body), 4 + body.length);
  return chunk;
}
