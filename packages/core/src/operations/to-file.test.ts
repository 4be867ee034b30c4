import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { InvalidRequestError } from '../errors/errors.ts';
import { toFile } from './to-file.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');

test.each([
  ['\x89PNG\r\n', 'file.png', 'image/png'],
  ['\xff\xd8\xff\xe0', 'file.jpg', 'image/jpeg'],
  ['RIFF0000WEBPVP8 ', 'file.webp', 'image/webp'],
  ['RIFF0000WAVEfmt ', 'file.wav', 'audio/wav'],
  ['ID3\x04', 'file.mp3', 'audio/mpeg'],
  ['\xff\xfb\x90', 'file.mp3', 'audio/mpeg'],
  ['fLaC', 'file.flac', 'audio/flac'],
  ['OggS', 'file.ogg', 'audio/ogg'],
  ['\x1aE\xdf\xa3', 'file.webm', 'audio/webm'],
  ['\0\0\0\x20ftypM4A ', 'file.m4a', 'audio/mp4'],
  ['RIFF0000AVI ', 'file', ''],
  ['R', 'file', ''],
])('bytes that begin with %j are %s', async (start, name, type) => {
  const file = await toFile(bytes(start), 'file');
  expect([file.name, file.type]).toEqual([name, type]);
});

test.each([
  ['a name with an extension stays', new File(['ID3'], 'a.b.mpga'), 'a.b.mpga', 'audio/mpeg'],
  ['a name without gets one', new File(['ID3'], 'song'), 'song.mp3', 'audio/mpeg'],
  ['the type that is given wins', new Blob(['ID3'], { type: 'audio/x-wav' }), 'file.wav', 'audio/x-wav'],
  [
    'a type may have parameters',
    new Blob(['x'], { type: 'audio/webm;codecs=opus' }),
    'file.webm',
    'audio/webm;codecs=opus',
  ],
  ['a type that is not known stays', new Blob(['x'], { type: 'audio/amr' }), 'file', 'audio/amr'],
])('%s', async (_, blob, name, type) => {
  const file = await toFile(blob, 'file');
  expect([file.name, file.type]).toEqual([name, type]);
});

test('a name made of a path is one for a file', async () => {
  expect((await toFile(bytes('fLaC'), 'images[1]')).name).toBe('images-1.flac');
});

test('a view of bytes is that part of them, and later changes do not show', async () => {
  const whole = bytes('..fLaC..');
  const file = await toFile(whole.subarray(2, 6), 'file');
  whole.fill(0);
  expect(await file.text()).toBe('fLaC');
});

test('a stream of bytes is read whole; an error of its own is thrown as it is', async () => {
  async function* stream(fails: boolean) {
    yield bytes('fL');
    if (fails) throw new Error('the disk is gone');
    yield bytes('aC');
  }
  expect(await (await toFile(stream(false), 'file')).text()).toBe('fLaC');
  await expect(toFile(stream(true), 'file')).rejects.toThrow('the disk is gone');
});

test('an abort ends the reading of a stream, also of one that hangs', async () => {
  async function* hanging() {
    yield bytes('fL');
    await new Promise(() => {});
  }
  const reading = toFile(hanging(), 'file', AbortSignal.timeout(10));
  await expect(reading).rejects.toMatchObject({ name: 'TimeoutError' });
  let closed = false;
  async function* endless() {
    try {
      for (;;) yield await setTimeout(1, bytes('fL'));
    } finally {
      closed = true;
    }
  }
  await expect(toFile(endless(), 'file', AbortSignal.timeout(10))).rejects.toMatchObject({ name: 'TimeoutError' });
  await expect.poll(() => closed).toBe(true);
});

async function* numbers() {
  yield 1;
}

test.each([
  ['a path', 'sound.wav'],
  ['null', null],
  ['numbers', [1, 2]],
  ['nothing in it', new Blob([])],
  ['a stream of numbers', numbers()],
])('%s is refused with its path', async (_, input) => {
  const error = await toFile(input, 'images[0]').catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(InvalidRequestError);
  expect(error).toMatchObject({ path: 'images[0]' });
});
