import { expect, test } from 'vitest';
import { encodeForm } from './form.ts';

const read = ({ type, body }: ReturnType<typeof encodeForm>) =>
  new Response(body.stream(), { headers: { 'content-type': type } }).formData();

test('fields and files come out as they went in, repeated names too', async () => {
  const file = new File([new Uint8Array([0, 255, 13, 10])], 'a "b".wav', { type: 'audio/wav' });
  const form = await read(
    encodeForm([
      ['model', 'whisper-1'],
      ['temperature', 0],
      ['stream', true],
      ['tag[]', 'á\r\n--'],
      ['tag[]', 'ß'],
      ['file', file],
    ]),
  );
  expect([form.get('model'), form.get('temperature'), form.get('stream')]).toEqual(['whisper-1', '0', 'true']);
  expect(form.getAll('tag[]')).toEqual(['á\r\n--', 'ß']);
  const sent = form.get('file') as File;
  expect([sent.name, sent.type, [...new Uint8Array(await sent.arrayBuffer())]]).toEqual([
    'a "b".wav',
    'audio/wav',
    [0, 255, 13, 10],
  ]);
});

test('a blob without a name or a type gets those that say nothing', async () => {
  const sent = (await read(encodeForm([['file', new Blob(['x'])]]))).get('file') as File;
  expect([sent.name, sent.type]).toEqual(['blob', 'application/octet-stream']);
});
