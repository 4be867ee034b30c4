import { expect, it } from 'vitest';
import { parseForm } from './form-fields.ts';

async function encode(form: FormData): Promise<[string | undefined, string]> {
  const response = new Response(form);
  return [response.headers.get('content-type') ?? undefined, await response.text()];
}

it('reads what the platform writes', async () => {
  const form = new FormData();
  form.append('purpose', 'batch');
  form.append('file', new File(['{"a":1}\r\n--x\n'], 'in.jsonl'));
  expect(parseForm(...(await encode(form)))).toEqual([
    { name: 'purpose', filename: undefined, text: 'batch' },
    { name: 'file', filename: 'in.jsonl', text: '{"a":1}\r\n--x\n' },
  ]);
});

it.each([
  [undefined, ''],
  ['application/json', '{}'],
  ['multipart/form-data; boundary=b', '--b\r\ncontent-disposition: form-data; name="a"\r\n\r\ncut'],
])('finds no form in a body of %s that is not one', (type, body) => {
  expect(parseForm(type, body)).toBeUndefined();
});
