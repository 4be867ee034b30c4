import { expect, it } from 'vitest';
import { filesOf, parseForm, textFields } from './form-fields.ts';

async function encode(form: FormData): Promise<[string | undefined, Buffer]> {
  const response = new Response(form);
  return [response.headers.get('content-type') ?? undefined, Buffer.from(await response.arrayBuffer())];
}

it('reads what the platform writes, byte by byte', async () => {
  const form = new FormData();
  form.append('purpose', 'batch');
  form.append('file', new File([Uint8Array.of(0, 255, 13, 10, 45, 45)], 'in.bin', { type: 'audio/wav' }));
  expect(parseForm(...(await encode(form)))).toEqual([
    { name: 'purpose', filename: undefined, type: undefined, bytes: Buffer.from('batch') },
    { name: 'file', filename: 'in.bin', type: 'audio/wav', bytes: Buffer.of(0, 255, 13, 10, 45, 45) },
  ]);
});

it('reads an empty form', () => {
  expect(parseForm('multipart/form-data; boundary=b', Buffer.from('--b--\r\n'))).toEqual([]);
});

it('makes lists of names that come again', async () => {
  const form = new FormData();
  for (const [name, value] of [
    ['a', '1'],
    ['b[]', '2'],
    ['c', '3'],
    ['c', '4'],
    ['c', '5'],
  ])
    form.append(name ?? '', value ?? '');
  form.append('file', new File(['x'], 'x.txt'));
  const fields = parseForm(...(await encode(form))) ?? [];
  expect(textFields(fields)).toEqual({ a: '1', 'b[]': ['2'], c: ['3', '4', '5'] });
  expect(filesOf(fields, 'file').map(({ filename }) => filename)).toEqual(['x.txt']);
});

it.each([
  [undefined, ''],
  ['application/json', '{}'],
  ['multipart/form-data; boundary=b', '--b\r\ncontent-disposition: form-data; name="a"\r\n\r\ncut'],
])('finds no form in a body of %s that is not one', (type, body) => {
  expect(parseForm(type, Buffer.from(body))).toBeUndefined();
});
