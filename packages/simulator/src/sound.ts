import { createRandom } from './random.ts';

/** How a format begins, and how many bytes of it are a second. */
const FORMATS: Record<string, { start: () => Buffer; bytesPerSecond: number; type: string }> = {
  mp3: { start: () => Buffer.from('ID3\x04\0\0\0\0\0\0', 'latin1'), bytesPerSecond: 16_000, type: 'audio/mpeg' },
  opus: { start: () => Buffer.from('OggS\0\x02', 'latin1'), bytesPerSecond: 4_000, type: 'audio/ogg' },
  aac: { start: () => Buffer.of(0xff, 0xf1), bytesPerSecond: 16_000, type: 'audio/aac' },
  flac: { start: () => Buffer.from('fLaC'), bytesPerSecond: 30_000, type: 'audio/flac' },
  wav: { start: wavHeader, bytesPerSecond: 48_000, type: 'audio/wav' },
  pcm: { start: () => Buffer.alloc(0), bytesPerSecond: 48_000, type: 'audio/pcm' },
};

export const SOUND_FORMATS = Object.keys(FORMATS);

const CHARACTERS_PER_SECOND = 15;
const CHUNK_BYTES = 4096;

/** A body that begins like its format and goes on as noise, as long as the text would take to say. In chunks. */
export function* soundOf(text: string, format: string): Generator<Buffer> {
  const { start, bytesPerSecond } = FORMATS[format] as (typeof FORMATS)[string];
  const random = createRandom(text.length, text.charCodeAt(0));
  const noise = Buffer.from(random.text(CHUNK_BYTES), 'latin1');
  let rest = Math.ceil((text.length / CHARACTERS_PER_SECOND) * bytesPerSecond);
  const head = start();
  if (head.length > 0) yield head;
  for (; rest > 0; rest -= CHUNK_BYTES) yield noise.subarray(0, rest);
}

export function soundType(format: string): string {
  return (FORMATS[format] as (typeof FORMATS)[string]).type;
}

/** The lengths of a sound that is streamed are not known. */
function wavHeader(): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(0xffff_ffff, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20); // pcm
  header.writeUInt16LE(1, 22); // mono
  header.writeUInt32LE(24_000, 24);
  header.writeUInt32LE(48_000, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(0xffff_ffff, 40);
  return header;
}
