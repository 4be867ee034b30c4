import { invalidField } from '../errors/invalid-field.ts';
import { untilAborted } from '../policy/retry/until-aborted.ts';

/** A stream is held in memory, since it can be read only once and may have to be sent again. */
const maxStreamBytes = 512 * 1024 * 1024;

/**
 * A file with a name that says what is in it, by which servers choose their decoder.
 * @param path the request's field, for errors; the name is made of it where the file has none
 * @param signal ends the reading of a stream
 * @throws InvalidRequestError for anything else than a `FileInput`, or nothing in it
 */
export async function toFile(input: unknown, path: string, signal?: AbortSignal): Promise<File> {
  const blob = await toBlob(input, path, signal);
  if (blob.size === 0) throw invalidField(path, 'is empty');
  const kind = kindOf(new Uint8Array(await blob.slice(0, 16).arrayBuffer()));
  const extension = extensionOf(blob.type) ?? kind?.extension;
  const name = nameOf(blob) ?? path.replaceAll(/\W+/g, '-').replace(/-$/, '');
  const fullName = extension === undefined || /\.\w+$/.test(name) ? name : `${name}.${extension}`;
  return new File([blob], fullName, { type: blob.type || kind?.type || '' });
}

function nameOf(blob: Blob): string | undefined {
  return blob instanceof File && blob.name !== '' ? blob.name : undefined;
}

async function toBlob(input: unknown, path: string, signal: AbortSignal | undefined): Promise<Blob> {
  if (input instanceof Blob) return input;
  if (input instanceof ArrayBuffer || input instanceof Uint8Array) return new Blob([input]);
  if (typeof input === 'object' && input !== null && Symbol.asyncIterator in input) {
    const read = () => readAll(input as AsyncIterable<Uint8Array>, path, signal);
    return signal ? untilAborted(read, signal) : read();
  }
  throw invalidField(
    path,
    'must be a File, a Blob, bytes or a stream of bytes; of a file on disk `await openAsBlob(path)` of node:fs gives one',
  );
}

/** A stream that hangs is left behind by an abort; one that goes on is closed. */
async function readAll(
  stream: AsyncIterable<Uint8Array>,
  path: string,
  signal: AbortSignal | undefined,
): Promise<Blob> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of stream) {
    signal?.throwIfAborted();
    if (!(part instanceof Uint8Array)) throw invalidField(path, 'must be a stream of bytes');
    size += part.length;
    if (size > maxStreamBytes) {
      throw invalidField(path, `is longer than ${maxStreamBytes} bytes`);
    }
    parts.push(part);
  }
  return new Blob(parts);
}

interface Kind {
  extension: string;
  type: string;
}

/** The first bytes, one character each; a dot stands for any byte. */
const kinds: [signature: string, kind: Kind][] = [
  ['\x89PNG', { extension: 'png', type: 'image/png' }],
  ['\xff\xd8\xff', { extension: 'jpg', type: 'image/jpeg' }],
  ['RIFF....WEBP', { extension: 'webp', type: 'image/webp' }],
  ['RIFF....WAVE', { extension: 'wav', type: 'audio/wav' }],
  ['ID3', { extension: 'mp3', type: 'audio/mpeg' }],
  ['\xff\xfb', { extension: 'mp3', type: 'audio/mpeg' }],
  ['\xff\xf3', { extension: 'mp3', type: 'audio/mpeg' }],
  ['fLaC', { extension: 'flac', type: 'audio/flac' }],
  ['OggS', { extension: 'ogg', type: 'audio/ogg' }],
  ['\x1aE\xdf\xa3', { extension: 'webm', type: 'audio/webm' }],
  ['....ftyp', { extension: 'm4a', type: 'audio/mp4' }],
];

function kindOf(bytes: Uint8Array): Kind | undefined {
  const start = String.fromCharCode(...bytes);
  const fits = (signature: string) =>
    [...signature].every((character, at) => character === '.' || character === start[at]);
  return kinds.find(([signature]) => fits(signature))?.[1];
}

const extensions: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'audio/wav': 'wav',
  'audio/x-wav': 'wav',
  'audio/wave': 'wav',
  'audio/mpeg': 'mp3',
  'audio/mp3': 'mp3',
  'audio/mp4': 'm4a',
  'audio/x-m4a': 'm4a',
  'audio/flac': 'flac',
  'audio/ogg': 'ogg',
  'audio/webm': 'webm',
  'video/webm': 'webm',
  'video/mp4': 'mp4',
};

function extensionOf(type: string): string | undefined {
  return extensions[type.replace(/;.*/s, '').trim().toLowerCase()];
}
